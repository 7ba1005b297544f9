import { accessDecisionRoutes } from './access-decisions.ts';
import { accessKeyRoutes, ownAccessKeyRoutes } from './access-keys.ts';
import { accountRoutes } from './account.ts';
import { accountsRoutes } from './accounts.ts';
import { applicationRoutes } from './applications.ts';
import { auditEventRoutes } from './audit-events.ts';
import { brandingRoutes } from './branding.ts';
import { consentRoutes, ownConsentRoutes } from './consents.ts';
import { credentialReportRoutes } from './credential-report.ts';
import { deviceRoutes, ownDeviceRoutes } from './devices.ts';
import { groupPolicyRoutes } from './group-policies.ts';
import { groupRoutes } from './groups.ts';
import { loginProfileRoutes } from './login-profiles.ts';
import { logoutDeliveryRoutes } from './logout-deliveries.ts';
import { meRoutes } from './me.ts';
import { mfaDeviceRoutes, ownMfaDeviceRoutes } from './mfa-devices.ts';
import { ownActivityRoutes } from './own-activity.ts';
import { ownRightsRoutes } from './own-rights.ts';
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
  ownDeviceRoutes,
  ownConsentRoutes,
  ownRightsRoutes,
  ownActivityRoutes,
  userRoutes,
  loginProfileRoutes,
  accessKeyRoutes,
  mfaDeviceRoutes,
  sessionRoutes,
  deviceRoutes,
  consentRoutes,
  userPolicyRoutes,
  groupRoutes,
  groupPolicyRoutes,
  policyRoutes,
  accessDecisionRoutes,
  applicationRoutes,
  logoutDeliveryRoutes,
  accountRoutes,
  passwordPolicyRoutes,
  securityPreferenceRoutes,
  brandingRoutes,
  signingKeyRoutes,
  accountsRoutes,
  auditEventRoutes,
  credentialReportRoutes,
  userByIdRoutes,
];

export const routes: readonly Route[] = routeGroups.flatMap((group) => group.routes);
