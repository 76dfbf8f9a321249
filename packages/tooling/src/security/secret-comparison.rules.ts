import ts from 'typescript';

/** Names of what must only be compared in constant time (S7). */
const SECRET = /(secret|password|mac|signature|hmac|csrf|token|cookie|otp)$/i;
/** Values that say whether there is one at all, and what kind it is. */
const PLAIN = new Set(['undefined', 'null', 'true', 'false']);

/** Comparisons with `===`, `!==` or `==` of something named like a secret with another value, by line. */
export function secretComparisons(text: string): string[] {
  const source = ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && isEquality(node.operatorToken.kind)) {
      const { left, right } = node;
      if ((isSecret(left) && !isPlain(right)) || (isSecret(right) && !isPlain(left))) {
        const { line } = source.getLineAndCharacterOfPosition(node.getStart());
        found.push(`${line + 1}: ${node.getText()}`);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isEquality(kind: ts.SyntaxKind): boolean {
  return [
    ts.SyntaxKind.EqualsEqualsEqualsToken,
    ts.SyntaxKind.ExclamationEqualsEqualsToken,
    ts.SyntaxKind.EqualsEqualsToken,
    ts.SyntaxKind.ExclamationEqualsToken,
  ].includes(kind);
}

function isSecret(node: ts.Expression): boolean {
  if (ts.isIdentifier(node)) return SECRET.test(node.text);
  return ts.isPropertyAccessExpression(node) && SECRET.test(node.name.text);
}

function isPlain(node: ts.Expression): boolean {
  return PLAIN.has(node.getText()) || ts.isStringLiteralLike(node) || ts.isNumericLiteral(node);
}
