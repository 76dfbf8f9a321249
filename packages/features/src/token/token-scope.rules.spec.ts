import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseScopes } from './token-scope.rules.ts';

describe('parseScopes', () => {
  it('K4 reads repeated parameters and several scopes in one', () => {
    const expected = [
      { type: 'repository', name: 'a/x', actions: ['pull', 'push'] },
      { type: 'repository', name: 'b/y', actions: ['pull'] },
    ];
    expect(parseScopes(['repository:b/y:pull', 'repository:a/x:push,pull'])).toEqual(expected);
    expect(parseScopes(['repository:b/y:pull  repository:a/x:pull repository:a/x:push'])).toEqual(expected);
  });

  it.each([
    ['repository(plugin):a/x:pull', [['a/x', ['pull']]]],
    ['repository:a/x:*', [['a/x', ['delete', 'pull', 'push']]]],
    ['repository:a/x:pull,shell,', [['a/x', ['pull']]]],
    ['repository:a/x:', [['a/x', []]]],
    ['registry:catalog:*', [['catalog', undefined]]],
    ['registry:catalog:pull', []],
    ['registry:other:*', []],
    ['artifact:a/x:pull', []],
    ['repository:noproject:pull', []],
    ['repository:host:5000/a/x:pull', []],
    ['repository:a/../b:pull', []],
    ['repository:A/x:pull', []],
    ['repository:*:*', []],
    ['repository:a/x\0:pull', []],
    ['repository', []],
    [':::', []],
    ['', []],
  ] as const)('K8 reads %j', (text, expected) => {
    const found = parseScopes([text]).map((scope) => [scope.name, 'actions' in scope ? scope.actions : undefined]);
    expect(found).toEqual(expected);
  });

  it('S17 never throws on any text of few words, and gives each name once', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 5 }), (texts) => {
        const names = parseScopes(texts.map((text) => text.slice(0, 20))).map((scope) => scope.name);
        expect(new Set(names).size).toBe(names.length);
      }),
    );
  });
});
