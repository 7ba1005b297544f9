import { accessDecisionRoutes } from './access-decisions.ts';
import { accessKeyRoutes, ownAccessKeyRoutes } from './access-keys.ts';
import { accountRoutes } from './account.ts';
import { accountsRoutes } from './accounts.ts';
import { applicationRoutes } from './applications.ts';
import { auditEventRoutes } from './audit-events.ts';
import { credentialReportRoutes } from './credential-report.ts';
import { groupPolicyRoutes } from './group-policies.ts';
import { groupRoutes } from './groups.ts';
import { loginProfileRoutes } from './login-profiles.ts';
import { meRoutes } from './me.ts';
import { mfaDeviceRoutes, ownMfaDeviceRoutes } from './mfa-devices.ts';
import { passwordPolicyRoutes } from './password-policy.ts';
import { policyRoutes } from './policies.ts';
import type { Route, RouteGroup } from './route-types.ts';
import { ownSessionRoutes, sessionRoutes } from './sessions.ts';
import { securityPreferenceRoutes } from './security-preferences.ts';
import { signingKeyRoutes } from './signing-keys.ts';
import { userPolicyRoutes } from './user-policies.ts';
import { userByIdRoutes, userRoutes } from './users.ts';

/** Every endpoint of the management API by heading. Of two that match, the first serves, so a user may be named `by-id`. */
export const routeGroups: readonly RouteGroup[] = [
  meRoutes,
  ownAccessKeyRoutes,
  ownMfaDeviceRoutes,
  ownSessionRoutes,
  userRoutes,
  loginProfileRoutes,
  accessKeyRoutes,
  mfaDeviceRoutes,
  sessionRoutes,
  userPolicyRoutes,
  groupRoutes,
  groupPolicyRoutes,
  policyRoutes,
  accessDecisionRoutes,
  applicationRoutes,
  accountRoutes,
  passwordPolicyRoutes,
  securityPreferenceRoutes,
  signingKeyRoutes,
  accountsRoutes,
  auditEventRoutes,
  credentialReportRoutes,
  userByIdRoutes,
];

export const routes: readonly Route[] = routeGroups.flatMap((group) => group.routes);
