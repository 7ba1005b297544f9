import { z } from 'zod';
import { newUserId } from '../../crypto/random-ids.ts';
import { generateAccessKey } from '../access-keys/access-key-secrets.ts';
import { insertAccessKeys } from '../access-keys/access-keys-store.ts';
import { lockAccount } from '../accounts/accounts-store.ts';
import { loadQuotas } from '../accounts/quotas.ts';
import { AppError } from '../app-error.ts';
import { insertLoginProfiles, type NewLoginProfile } from '../login-profiles/login-profiles-store.ts';
import type { Operation, OperationContext } from '../operation.ts';
import { consoleLogonField, type PreparedPassword, preparePasswords } from './new-user-passwords.ts';
import { commentsField, displayNameField, emailField, mobilePhoneField, userNameField } from './user-fields.ts';
import { userResource } from './user-resource.ts';
import { logonAddresses, logonUrlOf, type UserView, viewUser } from './user-view.ts';
import { countUsers, insertUsers, userNameKey, type UserRow } from './users-store.ts';

const newUserInput = z.strictObject({
  userName: userNameField,
  displayName: displayNameField,
  email: emailField.optional(),
  mobilePhone: mobilePhoneField.optional(),
  comments: commentsField.optional(),
  consoleLogon: consoleLogonField.optional(),
  programmaticAccess: z.boolean().default(false),
});

const createUserInput = z.strictObject({ users: z.array(newUserInput).min(1).max(100) });

type NewUser = z.infer<typeof newUserInput>;
type CreateUserInput = z.infer<typeof createUserInput>;

type Prepared = readonly (PreparedPassword | undefined)[];

/** What is handed over once for a new user. */
export interface CreatedUser {
  readonly user: UserView;
  readonly logonName: string;
  readonly logonUrl: string;
  readonly initialPassword?: string | undefined;
  readonly accessKey?: { readonly id: string; readonly secret: string } | undefined;
}

/** Creates one user or many, all or nothing. */
export const createUser: Operation<CreateUserInput, Prepared, { items: readonly CreatedUser[] }> = {
  name: 'CreateUser',
  action: 'ram:CreateUser',
  effect: 'change',
  input: createUserInput,
  resource: ({ users }, caller) => users.map(({ userName }) => userResource(userName, caller)),
  alsoRequires: ({ users }, caller) =>
    users.flatMap(({ userName, consoleLogon, programmaticAccess }) => {
      const resource = userResource(userName, caller);
      return [
        ...(consoleLogon === undefined ? [] : [{ action: 'ram:CreateLoginProfile', resource }]),
        ...(consoleLogon?.passwordHash === undefined ? [] : [{ action: 'ram:ImportPasswordHash', resource }]),
        ...(programmaticAccess ? [{ action: 'ram:CreateAccessKey', resource }] : []),
      ];
    }),
  auditDetails: ({ users }, { items }, index) => ({
    userId: items[index]?.user.userId,
    userName: items[index]?.user.userName,
    consoleLogon: users[index]?.consoleLogon !== undefined,
    passwordImported: users[index]?.consoleLogon?.passwordHash !== undefined,
    accessKeyId: items[index]?.accessKey?.id,
  }),
  prepare: (context, { users }) => preparePasswords(context, users),
  perform: async (context, { users }, prepared) => {
    const rows = await insertAll(context, users);
    await insertProfiles(context, users, prepared, rows);
    const keys = await insertKeys(context, users, rows);
    const addresses = await logonAddresses(context);
    const items = rows.map((row, index) => {
      const user = viewUser(row, addresses);
      const { initialPassword } = prepared[index] ?? {};
      return {
        user,
        logonName: user.logonName,
        logonUrl: logonUrlOf(addresses),
        initialPassword,
        accessKey: keys.get(row.userId),
      };
    });
    return { items };
  },
};

async function insertAll({ db, caller }: OperationContext, users: readonly NewUser[]): Promise<UserRow[]> {
  const { accountId } = caller;
  const wanted = users.map(({ userName, displayName, email, mobilePhone, comments }) => ({
    ...{ userId: newUserId(), accountId, userName, userNameKey: userNameKey(userName) },
    ...{ displayName, email: email ?? null, mobilePhone: mobilePhone ?? null, comments: comments ?? null },
  }));
  await lockAccount(db, accountId);
  const inserted = new Map((await insertUsers(db, wanted)).map((row) => [row.userId, row]));
  const faults = wanted.flatMap(({ userId }, index) =>
    inserted.has(userId) ? [] : [nameTaken(`/users/${index}/userName`)],
  );
  if (faults.length > 0)
    throw new AppError('EntityAlreadyExists.User', 'A user of this name exists already.', { faults });
  const { usersQuota: most } = await loadQuotas(db, accountId);
  if ((await countUsers(db, accountId)) > most) {
    throw new AppError('LimitExceeded.User', `An account has at most ${most} users.`);
  }
  return wanted.flatMap(({ userId }) => inserted.get(userId) ?? []);
}

const nameTaken = (pointer: string) => ({
  pointer,
  code: 'EntityAlreadyExists.User',
  detail: 'A user of this name exists already.',
});

async function insertProfiles(
  { db }: OperationContext,
  users: readonly NewUser[],
  prepared: Prepared,
  rows: readonly UserRow[],
): Promise<void> {
  const profiles = rows.flatMap(({ userId, accountId }, index): NewLoginProfile[] => {
    const [settings, password] = [users[index]?.consoleLogon, prepared[index]];
    if (settings === undefined || password === undefined) return [];
    const { passwordHash, resetRequired, expires } = password;
    const { mfaRequired } = settings;
    return [{ userId, accountId, passwordHash, status: 'active', resetRequired, mfaRequired, expires }];
  });
  await insertLoginProfiles(db, profiles);
}

async function insertKeys({ db, keyRing }: OperationContext, users: readonly NewUser[], rows: readonly UserRow[]) {
  const keys = rows
    .filter((_row, index) => users[index]?.programmaticAccess === true)
    .map(({ userId, accountId }) => ({ userId, accountId, ...generateAccessKey(keyRing, accountId) }));
  await insertAccessKeys(
    db,
    keys.map(({ rawSecret: _shownOnce, ...key }) => key),
  );
  return new Map(keys.map(({ userId, accessKeyId, rawSecret }) => [userId, { id: accessKeyId, secret: rawSecret }]));
}
