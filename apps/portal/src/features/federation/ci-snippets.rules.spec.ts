import { describe, expect, it } from 'vitest';
import { ciSnippets } from './ci-snippets.rules.ts';
import { CI_SYSTEMS } from './federation-draft.rules.ts';

const GUIDES = import.meta.glob<string>('../../../../../docs/guides/*.md', {
  eager: true,
  query: '?raw',
  import: 'default',
});
const ORGANIZATION = '11111111-1111-4111-8111-111111111111';

const place = { host: 'registry.example.com:8443', insecure: false };
const input = { place, audience: 'https://registry.example.com/a b', repository: 'team/app' };
const codeOf = (id: string, given: Parameters<typeof ciSnippets>[0] = input) =>
  ciSnippets(given).find((snippet) => snippet.id === id)?.code ?? '';
/** Lines of YAML are indented by pairs of spaces, and no tab is among them. */
const isIndented = (code: string) => code.split('\n').every((line) => /^(?: {2})*\S/.test(line) || line === '');

/** The YAML of a guide, which stands in a list. */
function yamlOf(guide: string): string[] {
  const text = GUIDES[`../../../../../docs/guides/${guide}.md`] ?? '';
  return [...text.matchAll(/^ {3}```yaml\n(.*?)^ {3}```$/gms)].map(([, block = '']) =>
    block.replaceAll(/^ {3}/gm, '').trimEnd(),
  );
}

describe('ciSnippets', () => {
  it('has one for every system there is help for', () => {
    expect(ciSnippets(input).map(({ id }) => id)).toEqual([...CI_SYSTEMS]);
  });

  // What the guides show is parsed and run by packages/features/test/ci-guides.spec.ts.
  it.each([
    ['github', 'github-actions', ['https://registry.example.com']],
    ['gitlab', 'gitlab-ci', ['https://registry.example.com']],
    ['circleci', 'circleci', ['https://registry.example.com', ORGANIZATION]],
    ['kubernetes', 'kubernetes-service-accounts', ['https://registry.example.com']],
  ])('%s: writes what docs/guides/%s.md shows', (id, guide, audiences) => {
    const example = {
      place: { host: 'registry.example.com', insecure: false },
      repository: 'team/app',
      subject: 'system:serviceaccount:ci:builder',
    };
    expect(yamlOf(guide)).toEqual(audiences.map((audience) => codeOf(id, { ...example, audience })));
  });

  it.each(CI_SYSTEMS)('%s: signs in at this registry with the token from standard input, and pushes there', (id) => {
    const code = codeOf(id);
    expect(code).toMatch(/(docker|skopeo) login .*--password-stdin/);
    expect(code).toContain('registry.example.com:8443/team/app');
    expect(code).toMatch(/docker push |skopeo copy /);
    // An argument is seen by every process of the machine.
    expect(code).not.toMatch(/(^|\s)(-p|--password)(\s|=)/m);
  });

  it.each(['github', 'gitlab', 'circleci', 'kubernetes'])('%s: asks for a token for the audience of the rule', (id) => {
    const code = codeOf(id);
    const spelling = id === 'github' ? encodeURIComponent(input.audience) : `"${input.audience}"`;
    expect(code).toContain(spelling);
    expect(isIndented(code.replaceAll(/\\\n\s+/g, ' '))).toBe(true);
  });

  it.each(['gitlab', 'kubernetes'])('%s: an audience that YAML would read as something else is quoted', (id) => {
    for (const audience of ['12', 'true', 'a: b', 'a #b', '*', "it's", 'a:'])
      expect(codeOf(id, { ...input, audience })).toMatch(`: ${JSON.stringify(audience)}\n`);
  });

  it('CircleCI: an audience with a quote stays one word of the shell', () => {
    expect(codeOf('circleci', { ...input, audience: "it's" })).toContain(String.raw`'{"aud":"it'\''s"}'`);
  });

  it('Kubernetes: runs as the service account of the rule, where it names one', () => {
    const subjectOf = (subject: string) => codeOf('kubernetes', { ...input, subject });
    const named = subjectOf('system:serviceaccount:build:pusher');
    expect(named.match(/name(?:space)?: build$/gm)).toHaveLength(3);
    expect(named).toContain('serviceAccountName: pusher');
    expect(subjectOf('system:serviceaccount:*:pusher')).toContain('serviceAccountName: builder');
  });

  it('says plain http only where it is needed', () => {
    const plain = { ...input, place: { ...place, insecure: true } };
    expect(codeOf('kubernetes')).not.toContain('tls-verify');
    expect(codeOf('kubernetes', plain).match(/ --(dest-)?tls-verify=false /g)).toHaveLength(2);
    expect(codeOf('gitlab')).not.toContain('insecure');
    expect(codeOf('gitlab', plain)).toContain("command: ['--insecure-registry=registry.example.com:8443']");
  });
});
