import type { Wording } from '../views/translate.ts';

/** The parts of the portal, in the order in which they are shown. A name is also its place below `/<alias>/portal`. */
export const sectionNames = [
  'overview',
  'details',
  'password',
  'security',
  'access-keys',
  'sessions',
  'apps',
  'activity',
] as const;

export type SectionName = (typeof sectionNames)[number];

/** The part that a text from outside names; undefined for all else. */
export const readSection = (text: unknown): SectionName | undefined => sectionNames.find((name) => name === text);

const placeOf = (section: SectionName): string => (section === 'overview' ? '' : `/${section}`);

/** The page of an issuer's portal on which a part begins. */
export const sectionAddress = ({ issuerName }: { readonly issuerName: string }, section: SectionName): string =>
  `/${issuerName}/portal${placeOf(section)}`;

export const sectionLabels: Readonly<Record<SectionName, Wording>> = {
  overview: 'portal.section.overview',
  details: 'portal.section.details',
  password: 'portal.section.password',
  security: 'portal.section.security',
  'access-keys': 'portal.section.access-keys',
  sessions: 'portal.section.sessions',
  apps: 'portal.section.apps',
  activity: 'portal.section.activity',
};
