/** The columns that a file of users may have; `userName` it must have. */
export const columns = [
  ...(['userName', 'displayName', 'email', 'mobilePhone', 'comments', 'password', 'passwordHash'] as const),
  ...(['resetRequired', 'mfaRequired', 'groups'] as const),
];
