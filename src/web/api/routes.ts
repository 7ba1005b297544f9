import { accessKeyRoutes } from './access-keys.ts';
import { applicationRoutes } from './applications.ts';
import { loginProfileRoutes } from './login-profiles.ts';
import { meRoutes } from './me.ts';
import type { Route } from './route.ts';
import { userPolicyRoutes } from './user-policies.ts';
import { userByIdRoutes, userRoutes } from './users.ts';

/** Every endpoint of the management API. Of two that match, the first serves, so a user may be named `by-id`. */
export const routes: readonly Route[] = [
  ...meRoutes,
  ...userRoutes,
  ...loginProfileRoutes,
  ...accessKeyRoutes,
  ...userPolicyRoutes,
  ...applicationRoutes,
  ...userByIdRoutes,
];
