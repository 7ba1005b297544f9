import { registerOwnPasskey } from '../../domain/mfa/register-own-passkey.ts';
import { findUserOverview, listAppsToOpen } from '../../domain/users/find-overview.ts';
import type { PortalOverviewPage } from '../views/pages/portal-pages.ts';
import { frameOf } from './frame.ts';
import { sectionAddress } from './sections.ts';
import { addressOf, may, type PortalRoute, type PortalVisit } from './visit.ts';

export const overviewPages: readonly PortalRoute[] = [{ section: 'overview', path: '', show: overviewPage }];

async function overviewPage(visit: PortalVisit): Promise<PortalOverviewPage> {
  const { deps, hosted, user } = visit;
  const [frame, overview, apps, maySetUpPasskey] = await Promise.all([
    frameOf(visit, 'overview'),
    findUserOverview(deps.db, hosted.accountId, user.userId),
    listAppsToOpen(deps.db, user),
    may(visit, registerOwnPasskey, { response: '', boundTo: '' }),
  ]);
  if (overview === undefined) throw new Error('a user who is signed in is gone');
  const wantsPasskey = maySetUpPasskey && hosted.settings.securityPreferences.allowUserToLoginWithPasskey;
  return {
    name: 'portal/overview',
    ...frame,
    displayName: user.displayName,
    apps: apps.map(({ displayName, home }) => ({ name: displayName, href: home })),
    facts: factsOf(visit, overview),
    passkeyHref: wantsPasskey && overview.passkeyCount === 0 ? addressOf(visit, '/security/passkey') : undefined,
    hasPolicies: overview.hasPolicies,
    helpText: overview.helpText ?? undefined,
  };
}

type Overview = NonNullable<Awaited<ReturnType<typeof findUserOverview>>>;

/** With fewer left it is time for new ones. */
const fewRecoveryCodes = 3;

const dayMs = 86_400_000;
const dueSoonDays = 14;

function factsOf({ hosted }: PortalVisit, overview: Overview): PortalOverviewPage['facts'] {
  const { appCount, recoveryCodesLeft, passwordSetAt, passwordDueAt, lastLogonAt } = overview;
  const credentialCount = overview.passkeyCount + overview.securityKeyCount;
  const hasDevice = appCount + credentialCount > 0;
  const security = { label: 'portal.overview.manage', href: sectionAddress(hosted, 'security') } as const;
  const password = { label: 'portal.overview.change', href: sectionAddress(hosted, 'password') } as const;
  const activity = { label: 'portal.overview.see-all', href: sectionAddress(hosted, 'activity') } as const;
  const isDueSoon = passwordDueAt !== null && passwordDueAt.getTime() < Date.now() + dueSoonDays * dayMs;
  return [
    {
      label: 'portal.two-step',
      value: hasDevice ? 'portal.on' : 'portal.off',
      isWarning: !hasDevice,
      link: security,
    },
    {
      label: 'portal.passkeys',
      value: { key: 'portal.passkey-count', values: { count: credentialCount } },
      isWarning: false,
      link: security,
    },
    ...(hasDevice
      ? ([
          {
            label: 'portal.recovery-codes',
            value: { key: 'portal.codes-left', values: { count: recoveryCodesLeft } },
            isWarning: recoveryCodesLeft < fewRecoveryCodes,
            link: security,
          },
        ] as const)
      : []),
    ...(passwordSetAt === null
      ? []
      : [{ label: 'portal.password-set', value: passwordSetAt, isWarning: false, link: password } as const]),
    ...(passwordDueAt === null
      ? []
      : [{ label: 'portal.password-due', value: passwordDueAt, isWarning: isDueSoon, link: password } as const]),
    { label: 'portal.last-logon', value: lastLogonAt ?? 'portal.first-logon', isWarning: false, link: activity },
  ];
}
