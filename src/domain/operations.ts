import {
  createAccessKey,
  deleteAccessKey,
  getAccessKey,
  listAccessKeys,
  updateAccessKey,
} from './access-keys/access-key-operations.ts';
import {
  createOwnAccessKey,
  deleteOwnAccessKey,
  getOwnAccessKey,
  listOwnAccessKeys,
  updateOwnAccessKey,
} from './access-keys/own-access-keys.ts';
import { listAccountAliases, releaseAccountAlias } from './accounts/account-aliases.ts';
import { getAccountSummary } from './accounts/account-summary.ts';
import { deleteLogo, getBranding, setBranding, setLogo } from './accounts/branding/branding-operations.ts';
import { getAccount } from './accounts/get-account.ts';
import { getPasswordPolicy, setPasswordPolicy, updatePasswordPolicy } from './accounts/password-policy-operations.ts';
import { deleteTenant, updateTenant } from './accounts/platform/change-tenants.ts';
import { createTenant } from './accounts/platform/create-tenant.ts';
import { getTenant, listTenants } from './accounts/platform/read-tenants.ts';
import { getSecurityPreferences, updateSecurityPreferences } from './accounts/security-preference-operations.ts';
import { updateAccount } from './accounts/update-account.ts';
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
import { listAuditEvents } from './audit/list-audit-events.ts';
import { listOwnActivity } from './audit/list-own-activity.ts';
import { deleteConsent, listConsents } from './consents/consent-operations.ts';
import { deleteOwnConsent, listOwnConsents } from './consents/own-consents.ts';
import { getCredentialReport } from './credential-report/get-credential-report.ts';
import { deleteDevice, deleteDevices, listDevices } from './devices/device-operations.ts';
import { deleteOwnDevice, deleteOwnDevices, listOwnDevices } from './devices/own-devices.ts';
import { createGroup } from './groups/create-group.ts';
import { deleteGroup } from './groups/delete-group.ts';
import { getGroup } from './groups/get-group.ts';
import { addUserToGroup, removeUserFromGroup } from './groups/group-membership.ts';
import { listGroups } from './groups/list-groups.ts';
import { listGroupsForUser } from './groups/list-groups-for-user.ts';
import { listOwnGroups } from './groups/list-own-groups.ts';
import { listUsersForGroup } from './groups/list-users-for-group.ts';
import { updateGroup } from './groups/update-group.ts';
import { changeOwnPassword } from './login-profiles/change-own-password.ts';
import { deleteLoginProfile, getLoginProfile } from './login-profiles/login-profile-operations.ts';
import { putLoginProfile } from './login-profiles/put-login-profile.ts';
import { listLogoutDeliveries } from './logout-deliveries/list-logout-deliveries.ts';
import { activateOwnMfaDevice } from './mfa/activate-own-mfa-device.ts';
import { deleteMfaDevice, deleteMfaDevices, listMfaDevices, updateMfaDevice } from './mfa/mfa-device-operations.ts';
import {
  createOwnMfaDevice,
  deleteOwnMfaDevice,
  listOwnMfaDevices,
  updateOwnMfaDevice,
} from './mfa/own-mfa-devices.ts';
import { createOwnRecoveryCodes, getOwnRecoveryCodes } from './mfa/own-recovery-codes.ts';
import { registerOwnPasskey } from './mfa/register-own-passkey.ts';
import type { OperationOutline } from './operation.ts';
import {
  createPolicyVersion,
  deletePolicyVersion,
  setDefaultPolicyVersion,
} from './policies/change-policy-versions.ts';
import { createPolicy } from './policies/create-policy.ts';
import { deletePolicy } from './policies/delete-policy.ts';
import { getAccessDecisions, getOwnAccessDecisions } from './policies/get-access-decisions.ts';
import { getPolicy } from './policies/get-policy.ts';
import {
  attachPolicyToGroup,
  detachPolicyFromGroup,
  listPoliciesForGroup,
} from './policies/group-policy-operations.ts';
import { listEntitiesForPolicy } from './policies/list-entities-for-policy.ts';
import { listOwnPolicies } from './policies/list-own-policies.ts';
import { listPolicies } from './policies/list-policies.ts';
import { getPolicyVersion, listPolicyVersions } from './policies/read-policy-versions.ts';
import { simulatePolicies } from './policies/simulate-policies.ts';
import { updatePolicyDescription } from './policies/update-policy-description.ts';
import { attachPolicyToUser, detachPolicyFromUser, listPoliciesForUser } from './policies/user-policy-operations.ts';
import { deleteOwnSession, deleteOwnSessions, listOwnSessions } from './sessions/own-sessions.ts';
import { deleteSession, deleteSessions, listSessions } from './sessions/session-operations.ts';
import { listSigningKeys, retireSigningKey, rotateSigningKey } from './signing-keys/signing-key-operations.ts';
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
  ...[createOwnAccessKey, getOwnAccessKey, listOwnAccessKeys, updateOwnAccessKey, deleteOwnAccessKey],
  ...[listMfaDevices, updateMfaDevice, deleteMfaDevice, deleteMfaDevices],
  ...[listOwnMfaDevices, createOwnMfaDevice, activateOwnMfaDevice, updateOwnMfaDevice, deleteOwnMfaDevice],
  ...[registerOwnPasskey, getOwnRecoveryCodes, createOwnRecoveryCodes],
  ...[listDevices, deleteDevice, deleteDevices, listOwnDevices, deleteOwnDevice, deleteOwnDevices],
  ...[listSessions, deleteSession, deleteSessions, listOwnSessions, deleteOwnSession, deleteOwnSessions],
  ...[listAuditEvents, listOwnActivity],
  ...[listConsents, deleteConsent, listOwnConsents, deleteOwnConsent],
  ...[listOwnGroups, listOwnPolicies],
  ...[attachPolicyToUser, detachPolicyFromUser, listPoliciesForUser],
  ...[createGroup, getGroup, listGroups, updateGroup, deleteGroup],
  ...[addUserToGroup, removeUserFromGroup, listUsersForGroup, listGroupsForUser],
  ...[createPolicy, getPolicy, listPolicies, updatePolicyDescription, deletePolicy, listEntitiesForPolicy],
  ...[createPolicyVersion, getPolicyVersion, listPolicyVersions, setDefaultPolicyVersion, deletePolicyVersion],
  ...[attachPolicyToGroup, detachPolicyFromGroup, listPoliciesForGroup],
  ...[getAccessDecisions, getOwnAccessDecisions, simulatePolicies],
  ...[createApplication, getApplication, listApplications, updateApplication, deleteApplication],
  ...[createApplicationSecret, listApplicationSecrets, deleteApplicationSecret, listLogoutDeliveries],
  ...[getAccount, updateAccount, listAccountAliases, releaseAccountAlias, getAccountSummary],
  ...[getPasswordPolicy, setPasswordPolicy, updatePasswordPolicy],
  ...[getSecurityPreferences, updateSecurityPreferences, getCredentialReport],
  ...[getBranding, setBranding, setLogo, deleteLogo],
  ...[listSigningKeys, rotateSigningKey, retireSigningKey],
  ...[createTenant, listTenants, getTenant, updateTenant, deleteTenant],
];
