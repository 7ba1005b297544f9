import {
  createAccessKey,
  deleteAccessKey,
  getAccessKey,
  listAccessKeys,
  updateAccessKey,
} from './access-keys/access-key-operations.ts';
import {
  createApplicationSecret,
  deleteApplicationSecret,
  listApplicationSecrets,
} from './applications/application-secrets.ts';
import { createApplication } from './applications/create-application.ts';
import { deleteApplication } from './applications/delete-application.ts';
import { getApplication } from './applications/get-application.ts';
import { listApplications } from './applications/list-applications.ts';
import { updateApplication } from './applications/update-application.ts';
import { changeOwnPassword } from './login-profiles/change-own-password.ts';
import { deleteLoginProfile, getLoginProfile } from './login-profiles/login-profile-operations.ts';
import { putLoginProfile } from './login-profiles/put-login-profile.ts';
import type { OperationOutline } from './operation.ts';
import { attachPolicyToUser, detachPolicyFromUser, listPoliciesForUser } from './policies/user-policy-operations.ts';
import { createUser } from './users/create-user.ts';
import { deleteUser } from './users/delete-user.ts';
import { getOwnUser, getUser } from './users/get-user.ts';
import { listUsers } from './users/list-users.ts';
import { updateUser } from './users/update-user.ts';

/** Every operation, so that what must hold for all of them can be checked of all of them. */
export const operations: readonly OperationOutline[] = [
  ...[createUser, getUser, getOwnUser, listUsers, updateUser, deleteUser],
  ...[getLoginProfile, putLoginProfile, deleteLoginProfile, changeOwnPassword],
  ...[createAccessKey, getAccessKey, listAccessKeys, updateAccessKey, deleteAccessKey],
  ...[attachPolicyToUser, detachPolicyFromUser, listPoliciesForUser],
  ...[createApplication, getApplication, listApplications, updateApplication, deleteApplication],
  ...[createApplicationSecret, listApplicationSecrets, deleteApplicationSecret],
];
