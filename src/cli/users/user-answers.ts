import { z } from 'zod';
import { formatAccessKey, formatFields, formatHandover, shortTime } from '../text.ts';

/** What the verbs look at in the server's answers. */
export const userAnswer = z.looseObject({
  userId: z.string(),
  userName: z.string(),
  displayName: z.string(),
  logonName: z.string(),
  email: z.string().nullish(),
  mobilePhone: z.string().nullish(),
  comments: z.string().nullish(),
  status: z.string(),
  createdAt: z.string(),
  lastLogonAt: z.string().nullish(),
});

export const createdUserAnswer = z.looseObject({
  user: userAnswer,
  logonName: z.string(),
  logonUrl: z.string(),
  initialPassword: z.string().optional(),
  accessKey: z.looseObject({ id: z.string(), secret: z.string() }).optional(),
});

export const formatUser = (user: z.infer<typeof userAnswer>): string =>
  formatFields([
    ['User name', user.userName],
    ['Display name', user.displayName],
    ['Logon name', user.logonName],
    ['User id', user.userId],
    ['Status', user.status],
    ['E-mail', user.email],
    ['Mobile phone', user.mobilePhone],
    ['Comments', user.comments],
    ['Created', shortTime(user.createdAt)],
    ['Last logon', shortTime(user.lastLogonAt)],
  ]);

type CreatedUserAnswer = z.infer<typeof createdUserAnswer>;

/** One block a person, an empty line between. Whoever cannot log on to pages is given no address of one. */
export const formatCreatedUsers = (created: readonly CreatedUserAnswer[], consoleLogon: boolean): string =>
  created.map(consoleLogon ? formatHandover : formatProgram).join('\n\n');

const formatProgram = ({ user, accessKey }: CreatedUserAnswer): string =>
  formatFields([
    ['User name', user.userName],
    ['User id', user.userId],
    ...(accessKey === undefined ? [] : formatAccessKey(accessKey)),
  ]);
