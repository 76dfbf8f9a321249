import ts from 'typescript';

const TEST_FUNCTIONS = ['it', 'test', 'describe', 'describeWith'];

/** The titles of the tests and groups in a test file, also those behind `.each(…)` and other modifiers. */
export function titlesOf(text: string): string[] {
  const source = ts.createSourceFile('x.spec.ts', text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const name = rootName(node.expression);
      const title = node.arguments.map(textOf).find((argument) => argument !== null);
      if (name && TEST_FUNCTIONS.includes(name) && title) titles.push(title);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return titles;
}

function rootName(expression: ts.Expression): string | null {
  if (ts.isIdentifier(expression)) return expression.text;
  if (ts.isPropertyAccessExpression(expression) || ts.isCallExpression(expression))
    return rootName(expression.expression);
  return ts.isTaggedTemplateExpression(expression) ? rootName(expression.tag) : null;
}

function textOf(argument: ts.Expression): string | null {
  if (ts.isStringLiteralLike(argument)) return argument.text;
  return ts.isTemplateExpression(argument) ? argument.getText().slice(1, -1) : null;
}
