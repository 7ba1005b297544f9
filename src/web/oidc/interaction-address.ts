/** Where a logon stands. The app is in the address too, so that one opened too late can still say where to begin again. */
export const interactionAddress = (issuerName: string, uid: string, clientId: string): string =>
  `/${issuerName}/logon/${uid}?${new URLSearchParams({ client_id: clientId }).toString()}`;
