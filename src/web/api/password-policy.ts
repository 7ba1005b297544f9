import { z } from 'zod';
import {
  getPasswordPolicy,
  type PasswordPolicyView,
  setPasswordPolicy,
  updatePasswordPolicy,
} from '../../domain/accounts/password-policy-operations.ts';
import { route, routeGroup } from './route.ts';

const passwordPolicyBody = z
  .object({
    minimumPasswordLength: z.int().meta({ description: 'Characters.', examples: [8] }),
    requireLowercaseCharacters: z.boolean(),
    requireUppercaseCharacters: z.boolean(),
    requireNumbers: z.boolean(),
    requireSymbols: z.boolean(),
    maxPasswordAge: z
      .int()
      .meta({ description: 'Days after which a password is to be changed; 0: never.', examples: [0] }),
    hardExpire: z.boolean().meta({
      description:
        'Past its age a password opens nothing until an administrator sets another; else it is changed at the next logon.',
    }),
    passwordReusePrevention: z
      .int()
      .meta({ description: 'How many former passwords cannot be chosen again.', examples: [0] }),
    maxLoginAttemps: z.int().meta({
      description:
        'Passwords of one user that are tried in an hour, over all places; on a device known to the user on its own. 0: 50.',
      examples: [0],
    }),
    minimumPasswordDifferentCharacter: z.int().meta({ examples: [0] }),
    passwordNotContainUserName: z.boolean(),
    preset: z
      .enum(['nist', 'ram'])
      .nullable()
      .meta({ description: 'The preset that these fields are; null for none.' }),
    warnings: z
      .array(z.object({ field: z.string(), detail: z.string() }))
      .meta({ description: 'Fields that contradict NIST SP 800-63B-4.', examples: [[]] }),
  })
  .meta({ id: 'PasswordPolicy' });

const path = '/account/password-policy';
const answering = { answer: passwordPolicyBody, present: presentPolicy } as const;

export const passwordPolicyRoutes = routeGroup('Password policy', 'What the account asks of passwords.', [
  route(`GET ${path}`, getPasswordPolicy, { ...answering, summary: 'Read the password policy' }),
  route(`PUT ${path}`, setPasswordPolicy, {
    ...answering,
    summary: 'Set the password policy',
    description:
      'What is not given is as in the `preset` (`nist` unless told). Binds at the next change of a password: nobody is kept out by one they ' +
      'have, but for its age.',
    body: 'policy',
    example: { body: { preset: 'ram', minimumPasswordLength: 12, passwordReusePrevention: 3 } },
  }),
  route(`PATCH ${path}`, updatePasswordPolicy, {
    ...answering,
    summary: 'Change the password policy',
    description: 'What is not given stays, or is as in the `preset` where one is named.',
    body: 'policy',
    example: { body: { minimumPasswordLength: 15 } },
  }),
]);

function presentPolicy(policy: PasswordPolicyView): z.infer<typeof passwordPolicyBody> {
  return {
    minimumPasswordLength: policy.minimumPasswordLength,
    requireLowercaseCharacters: policy.requireLowercaseCharacters,
    requireUppercaseCharacters: policy.requireUppercaseCharacters,
    requireNumbers: policy.requireNumbers,
    requireSymbols: policy.requireSymbols,
    maxPasswordAge: policy.maxPasswordAge,
    hardExpire: policy.hardExpire,
    passwordReusePrevention: policy.passwordReusePrevention,
    maxLoginAttemps: policy.maxLoginAttemps,
    minimumPasswordDifferentCharacter: policy.minimumPasswordDifferentCharacter,
    passwordNotContainUserName: policy.passwordNotContainUserName,
    preset: policy.preset,
    warnings: policy.warnings.map(({ field, detail }) => ({ field, detail })),
  };
}
