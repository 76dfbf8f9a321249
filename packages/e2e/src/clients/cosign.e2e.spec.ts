import { join } from 'node:path';
import { describeWith, ImageFactory } from '@moorage/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RunFailed, runProgram } from '../target/run-program.ts';
import { Bench } from '../target/target.ts';

/** Nothing may be asked outside: no transparency log, no signing configuration from the network. */
const OFFLINE = ['--tlog-upload=false', '--use-signing-config=false'];
const VERIFY_OFFLINE = ['--insecure-ignore-tlog=true'];

describeWith(['cosign'], 'cosign with a key', () => {
  const images = new ImageFactory('cosign');
  let bench: Bench;
  let key: string;
  const cosign = async (...args: string[]) => {
    const home = bench.directory.path;
    const env = {
      DOCKER_CONFIG: join(home, 'docker-config'),
      COSIGN_PASSWORD: '',
      HOME: home,
      TUF_ROOT: join(home, 'tuf'),
    };
    return (await runProgram('cosign', args, { env, cwd: home })).stdout.trim();
  };
  const pushed = async (repository: string) => {
    const digest = await bench.client.push(repository, images.image(), 'v1');
    return { digest, reference: `${bench.reference(repository)}@${digest}` };
  };

  beforeAll(async () => {
    bench = await Bench.start('cosign');
    key = join(bench.directory.path, 'cosign');
    const { username, password } = bench.credentials;
    await cosign('login', bench.target.host, '-u', username, '-p', password);
    await cosign('generate-key-pair', '--output-key-prefix', key);
  });
  afterAll(() => bench?.close());

  it('signs in tag form: the signature is an image under the tag sha256-<hex>.sig', async () => {
    const { digest, reference } = await pushed('cosign/tagged');
    await cosign('sign', '-y', '--key', `${key}.key`, '--allow-http-registry', ...OFFLINE, reference);
    expect(await bench.client.tags('cosign/tagged')).toEqual([`${digest.replace(':', '-')}.sig`, 'v1']);
    const verified = await cosign(
      'verify',
      '--key',
      `${key}.pub`,
      '--allow-http-registry',
      ...VERIFY_OFFLINE,
      reference,
    );
    expect(JSON.parse(verified)[0].critical.image['docker-manifest-digest']).toBe(digest);
  });

  it('signs in bundle form: the signature is a referrer and no tag appears', async () => {
    const { digest, reference } = await pushed('cosign/bundled');
    const sign = ['sign', '-y', '--key', `${key}.key`, '--new-bundle-format', '--allow-http-registry', ...OFFLINE];
    await cosign(...sign, reference);
    expect(await bench.client.tags('cosign/bundled')).toEqual(['v1']);
    const [referrer] = await bench.client.referrers('cosign/bundled', digest);
    expect(referrer?.artifactType).toBe('application/vnd.dev.sigstore.bundle.v0.3+json');
    // An empty root of trust keeps cosign from fetching the public one; the key alone decides.
    const root = join(bench.directory.path, 'trusted-root.json');
    await cosign('trusted-root', 'create', '--out', root);
    const verify = ['verify', '--key', `${key}.pub`, '--new-bundle-format', '--trusted-root', root];
    await cosign(...verify, '--allow-http-registry', ...VERIFY_OFFLINE, reference);
  });

  it('attests, and verifies the attestation', async () => {
    const { reference } = await pushed('cosign/attested');
    const predicate = join(bench.directory.path, 'cosign.pub');
    const attest = ['attest', '-y', '--key', `${key}.key`, '--type', 'custom', '--predicate', predicate];
    await cosign(...attest, '--allow-http-registry', ...OFFLINE, reference);
    const verify = ['verify-attestation', '--key', `${key}.pub`, '--type', 'custom', '--allow-http-registry'];
    const statement = JSON.parse(await cosign(...verify, ...VERIFY_OFFLINE, reference));
    expect(statement.payloadType).toBe('application/vnd.in-toto+json');
  });

  it('signs every image of an index, and refuses what another key signed', async () => {
    const index = images.index();
    const digest = await bench.client.push('cosign/multi', index, 'v1');
    const reference = `${bench.reference('cosign/multi')}@${digest}`;
    const sign = ['sign', '-y', '--recursive', '--key', `${key}.key`, '--allow-http-registry', ...OFFLINE];
    await cosign(...sign, reference);
    expect(await bench.client.tags('cosign/multi')).toHaveLength(4);
    const stranger = join(bench.directory.path, 'stranger');
    await cosign('generate-key-pair', '--output-key-prefix', stranger);
    const verify = ['verify', '--key', `${stranger}.pub`, '--allow-http-registry', ...VERIFY_OFFLINE, reference];
    await expect(cosign(...verify)).rejects.toBeInstanceOf(RunFailed);
  });
});
