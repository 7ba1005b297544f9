import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { routes } from '../../../src/web/api/routes.ts';

test('docs/api.md lists every endpoint with its right, and no other', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/api.md'), 'utf8');
  const listed = [...text.matchAll(/^\| `([A-Z]+ \/[^`]*)` \|[^|]*\| `([^`]+)` \|$/gm)].map(
    ([, line = '', action = '']) => `${line} ${action}`,
  );
  const served = routes.map(
    ({ method, path, operation }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')} ${operation.action}`,
  );
  expect(listed.toSorted()).toEqual(served.toSorted());
});
