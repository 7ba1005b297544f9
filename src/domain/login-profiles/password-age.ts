import { sql } from 'drizzle-orm';
import { accountSettings } from '../../storage/db/schema/account-settings.ts';
import { loginProfiles } from '../../storage/db/schema/login-profiles.ts';

/*
 * For queries that have the login profile and, left-joined, its account's settings at hand; by the database's clock. What the policy does not
 * name is its default: no age (accounts/password-policy.ts).
 */
const policy = accountSettings.passwordPolicy;
const maxAgeDays = sql`coalesce((${policy} ->> 'maxPasswordAge')::int, 0)`;

/** Whether the password has reached the age at which it is to be changed. */
export const isPasswordPastAge = sql<boolean>`(${maxAgeDays} > 0
  and ${loginProfiles.passwordSetAt} + make_interval(days => ${maxAgeDays}) <= now())`;

/** When it reaches that age; null where there is none. */
export const passwordDueAt = sql<Date | null>`case when ${maxAgeDays} > 0
  then ${loginProfiles.passwordSetAt} + make_interval(days => ${maxAgeDays}) end`;

/** Whether it has, and by the account's policy opens nothing any more. */
export const isPasswordExpired = sql<boolean>`(coalesce((${policy} ->> 'hardExpire')::boolean, false) and ${isPasswordPastAge})`;
