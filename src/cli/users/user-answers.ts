import { z } from 'zod';
import { formatFields, formatHandover } from '../text.ts';

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
    ['Created', user.createdAt],
    ['Last logon', user.lastLogonAt],
  ]);

/** One block a person, an empty line between. */
export const formatCreatedUsers = (created: readonly z.infer<typeof createdUserAnswer>[]): string =>
  created.map(formatHandover).join('\n\n');
