import type { ApiIndexPage, ApiSubjectPage } from '../../views/pages/api-pages.ts';
import type { OpenApiDocument, OpenApiOperation } from '../openapi/openapi.ts';
import { viewOperation } from './operation-view.ts';

/** The index for an empty slug, a subject's page for its own; undefined where there is none. */
export function docsPage(
  document: OpenApiDocument,
  alias: string,
  slug: string,
): ApiIndexPage | ApiSubjectPage | undefined {
  return slug === '' ? indexPage(document, alias) : subjectPage(document, alias, slug);
}

/** `Login profiles` -> `login-profiles`. */
const slugOf = (tag: string): string => tag.toLowerCase().replace(/[^a-z0-9]+/g, '-');

interface Located {
  readonly path: string;
  readonly method: string;
  readonly operation: OpenApiOperation;
}

const operationsOf = ({ paths }: OpenApiDocument, tag: string): Located[] =>
  Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, operation]) =>
      operation.tags.includes(tag) ? [{ path, method, operation }] : [],
    ),
  );

function indexPage(document: OpenApiDocument, alias: string): ApiIndexPage {
  const [lead = '', ...notes] = document.info.description.split('\n- ');
  const apiUrl = document.servers[0]?.url ?? '';
  const docs = `/${alias}/api/v1/docs`;
  return {
    name: 'api/index',
    title: document.info.title,
    alias,
    apiUrl,
    tokenUrl: document.components.securitySchemes.management.flows.clientCredentials.tokenUrl,
    documentHref: `/${alias}/api/v1/openapi.json`,
    lead: lead.replaceAll('\n', ' '),
    notes: notes.map((note) => note.replaceAll('\n', ' ')),
    subjects: document.tags.map(({ name, description }) => ({
      title: name,
      href: `${docs}/${slugOf(name)}`,
      description,
      operations: operationsOf(document, name).map(({ path, method, operation }) => ({
        method: method.toUpperCase(),
        path,
        summary: operation.summary,
        href: `${docs}/${slugOf(name)}#${operation.operationId}`,
      })),
    })),
  };
}

function subjectPage(document: OpenApiDocument, alias: string, slug: string): ApiSubjectPage | undefined {
  const tag = document.tags.find(({ name }) => slugOf(name) === slug);
  if (tag === undefined) return undefined;
  return {
    name: 'api/subject',
    title: tag.name,
    alias,
    apiPath: `/${alias}/api/v1`,
    indexHref: `/${alias}/api/v1/docs`,
    description: tag.description,
    operations: operationsOf(document, tag.name).map((located) => viewOperation(document, located)),
  };
}
