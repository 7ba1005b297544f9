import type { OpenApiParameter } from '../openapi/openapi.ts';

interface Request {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly OpenApiParameter[];
  readonly bodyType: string;
  readonly body: unknown;
}

/** A single-quoted word of the shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** How curl sends a request, going on from the index page, which sets `$API` and defines `auth`. */
export function curlExample({ method, path, parameters, bodyType, body }: Request): string {
  const inPlace = (place: OpenApiParameter['in']) =>
    parameters.filter((one) => one.in === place && one.example !== undefined);
  const filled = inPlace('path').reduce(
    (text, { name, example }) => text.replace(`{${name}}`, encodeURIComponent(String(example))),
    path,
  );
  const query = new URLSearchParams(
    Object.fromEntries(inPlace('query').map(({ name, example }) => [name, String(example)])),
  ).toString();
  const lines = [
    `auth | curl --silent --config - "$API${filled}${query === '' ? '' : `?${query}`}"`,
    ...(method === 'get' ? [] : [`  --request ${method.toUpperCase()}`]),
    ...(body === undefined
      ? []
      : [`  --header ${quoted(`Content-Type: ${bodyType}`)}`, `  --data ${quoted(JSON.stringify(body))}`]),
  ];
  return lines.join(' \\\n');
}
