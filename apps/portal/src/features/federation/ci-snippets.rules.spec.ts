import { describe, expect, it } from 'vitest';
import { ciSnippets } from './ci-snippets.rules.ts';
import { CI_SYSTEMS } from './federation-draft.rules.ts';

const place = { host: 'registry.example.com:8443', insecure: false };
const input = { place, audience: 'https://registry.example.com/a b', repository: 'team/app' };
const codeOf = (id: string, given = input) => ciSnippets(given).find((snippet) => snippet.id === id)?.code ?? '';
/** Lines of YAML are indented by pairs of spaces, and no tab is among them. */
const isIndented = (code: string) => code.split('\n').every((line) => /^(?: {2})*\S/.test(line) || line === '');

describe('ciSnippets', () => {
  it('has one for every system there is help for', () => {
    expect(ciSnippets(input).map(({ id }) => id)).toEqual([...CI_SYSTEMS]);
  });

  it.each(CI_SYSTEMS)('%s: signs in at this registry with the token from standard input, and pushes there', (id) => {
    const code = codeOf(id);
    expect(code).toMatch(/(docker|buildah) login .*--password-stdin/);
    expect(code).toContain('registry.example.com:8443/team/app');
    expect(code).toMatch(/(docker|buildah) push /);
    // An argument is seen by every process of the machine.
    expect(code).not.toMatch(/(^|\s)(-p|--password)(\s|=)/m);
  });

  it.each(['github', 'gitlab', 'circleci', 'kubernetes'])('%s: asks for a token for the audience of the rule', (id) => {
    const code = codeOf(id);
    const spelling = id === 'github' ? encodeURIComponent(input.audience) : input.audience;
    expect(code).toContain(spelling);
    expect(isIndented(code.replaceAll(/\\\n\s+/g, ' '))).toBe(true);
  });

  it('GitHub: may ask for a token, and names the commit in its own words', () => {
    expect(codeOf('github')).toContain('id-token: write');
    expect(codeOf('github')).toContain('team/app:${{ github.sha }}');
  });

  it('Kubernetes: the token is of a service account, short-lived, and plain http is said only where it is needed', () => {
    expect(codeOf('kubernetes')).toContain('serviceAccountToken:');
    expect(codeOf('kubernetes')).toContain('expirationSeconds: 3600');
    expect(codeOf('kubernetes')).not.toContain('--tls-verify=false');
    const plain = { ...input, place: { ...place, insecure: true } };
    expect(codeOf('kubernetes', plain).match(/--tls-verify=false/g)).toHaveLength(2);
  });
});
