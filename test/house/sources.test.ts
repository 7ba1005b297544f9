import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** Tables of data may grow with what they list. Nothing with a decision in it belongs here. */
const tablesOfData: ReadonlySet<string> = new Set([]);

const sources = globSync('src/**/*.ts', { cwd: root });
const everywhere = globSync('{src,test,bench,examples}/**/*.ts', { cwd: root });
const text = (file: string): string => readFileSync(join(root, file), 'utf8');
const lineCount = (file: string): number => text(file).trimEnd().split('\n').length;

function nodesOf(file: string, content: string): ts.Node[] {
  const nodes: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    nodes.push(node);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, content, ts.ScriptTarget.Latest));
  return nodes;
}

function usesAny(file: string, content: string): boolean {
  return nodesOf(file, content).some((node) => node.kind === ts.SyntaxKind.AnyKeyword);
}

/** Statements at a module's top level that do something: importing a file must do nothing. */
function topLevelEffects(file: string, content: string): string[] {
  const source = ts.createSourceFile(file, content, ts.ScriptTarget.Latest, true);
  return source.statements
    .filter((statement) => {
      if (ts.isVariableStatement(statement)) return (statement.declarationList.flags & ts.NodeFlags.Const) === 0;
      return ts.isExpressionStatement(statement) || ts.isIfStatement(statement) || ts.isTryStatement(statement);
    })
    .map((statement) => `${file}: ${statement.getText().split('\n')[0] ?? ''}`);
}

it('finds the sources at all', () => {
  expect(sources).toContain(join('src', 'domain', 'app-error.ts'));
});

it('keeps every source file to 300 lines, tables of data excepted', () => {
  const long = sources.filter((file) => lineCount(file) > 300 && !tablesOfData.has(file));
  expect(long.map((file) => `${file} ${lineCount(file)}`)).toEqual([]);
});

it('excepts no table of data that would not need it', () => {
  const needless = [...tablesOfData].filter((file) => !sources.includes(file) || lineCount(file) <= 300);
  expect(needless).toEqual([]);
});

it('knows no `any`, in sources, tests, measurements and examples', () => {
  expect(usesAny('seed.ts', 'export const size = (value: Map<string, any>) => value.size;')).toBe(true);
  expect(usesAny('seed.ts', "export const any = 'any'; // any")).toBe(false);
  expect(everywhere.filter((file) => usesAny(file, text(file)))).toEqual([]);
});

it('does nothing when a source file is imported, main.ts excepted', () => {
  expect(topLevelEffects('seed.ts', 'let count = 0;\nstart();\nexport const one = 1;')).toHaveLength(2);
  const imported = sources.filter((file) => file !== join('src', 'main.ts'));
  expect(imported.flatMap((file) => topLevelEffects(file, text(file)))).toEqual([]);
});

it('names files in kebab case and keeps no drawer and no barrel', () => {
  // Folders of translations are named by the language's tag, as it is written.
  const segments = everywhere.flatMap((file) =>
    file.replace(/(?<=[\\/]messages[\\/])[a-z]{2}-[A-Z]{2}(?=[\\/])/, 'tag').split(/[\\/]/),
  );
  expect(segments.filter((segment) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.test|\.d)?(\.ts)?$/.test(segment))).toEqual([]);
  expect(segments.filter((segment) => /^(utils?|helpers?|common|shared|misc|index)(\.ts)?$/.test(segment))).toEqual([]);
});
