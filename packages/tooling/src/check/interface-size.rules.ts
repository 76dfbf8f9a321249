import ts from 'typescript';
import type { Finding, SourceFile } from './tree.rules.ts';

const METHODS = 8;

/** Checks that no interface or type asks its implementations for more than eight methods. */
export function checkInterfaceSizes(files: readonly SourceFile[]): Finding[] {
  return files.flatMap((file) => (/\binterface\b/.test(file.text) ? checkFile(file) : []));
}

function checkFile({ path, text }: SourceFile): Finding[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  return source.statements.filter(ts.isInterfaceDeclaration).flatMap((declaration) => {
    const methods = declaration.members.filter(isMethod).length;
    if (methods <= METHODS) return [];
    const name = declaration.name.text;
    return [
      {
        rule: 'interface-size',
        path,
        message: `${name} has ${methods} methods, at most ${METHODS}: split the port by role`,
      },
    ];
  });
}

function isMethod(member: ts.TypeElement): boolean {
  if (ts.isMethodSignature(member)) return true;
  return ts.isPropertySignature(member) && member.type !== undefined && ts.isFunctionTypeNode(member.type);
}
