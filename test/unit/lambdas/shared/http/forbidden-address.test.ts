import fc from 'fast-check';
import { parseAddressRange, whyForbidden } from '../../../../../lambdas/shared/http/forbidden-address.ts';

describe('an address that somebody else has chosen', () => {
  it.each([
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['0.0.0.0', 'unspecified'],
    ['10.0.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.1.1', 'private'],
    ['169.254.169.254', 'linkLocal'],
    ['169.254.170.2', 'linkLocal'],
    ['100.64.0.1', 'carrierGradeNat'],
    ['100.100.100.200', 'carrierGradeNat'],
    ['224.0.0.1', 'multicast'],
    ['255.255.255.255', 'broadcast'],
    ['240.0.0.1', 'reserved'],
    ['192.0.2.1', 'reserved'],
    ['198.18.0.1', 'reserved'],
    ['192.88.99.1', 'reserved'],
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['fd00:ec2::254', 'uniqueLocal'],
    ['fe80::1', 'linkLocal'],
    ['fe80::1%eth0', 'linkLocal'],
    ['fec0::1', 'deprecatedSiteLocal'],
    ['ff02::1', 'multicast'],
    // What stands for an address of IPv4: mapped, compatible, NAT64, translated, 6to4, Teredo.
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:a9fe:a9fe', 'linkLocal'],
    ['::127.0.0.1', 'loopback'],
    ['::7f00:1', 'reserved'],
    ['64:ff9b::7f00:1', 'rfc6052'],
    ['64:ff9b:1::a00:1', 'rfc6052'],
    ['::ffff:0:7f00:1', 'rfc6145'],
    ['2002:7f00:1::', '6to4'],
    ['2001:0:4136:e378:8000:63bf:3fff:fdd2', 'teredo'],
    ['2001:db8::1', 'reserved'],
    ['3fff::1', 'reserved'],
    ['100::1', 'discard'],
    ['5f00::1', 'segmentRouting'],
    ['4000::1', 'reserved'],
    ['', 'no address'],
    ['localhost', 'no address'],
    ['127.0.0.1 ', 'no address'],
  ])('is not sent to when it is %s: %s', (address, why) => {
    expect(whyForbidden(address, [])).toBe(why);
  });

  it.each([
    '8.8.8.8',
    '1.1.1.1',
    '172.32.0.1',
    '100.128.0.1',
    '::ffff:8.8.8.8',
    '2606:4700:4700::1111',
    '2a00:1450::1',
  ])('may be %s', (address) => {
    expect(whyForbidden(address, [])).toBeUndefined();
  });

  it('may be of a range that is allowed, and of no other', () => {
    const allowed = ['127.0.0.0/8', '::1/128'].map(parseAddressRange);

    for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) {
      expect(whyForbidden(address, allowed)).toBeUndefined();
    }
    for (const address of ['10.0.0.1', '::2', '169.254.169.254', '64:ff9b::7f00:1']) {
      expect(whyForbidden(address, allowed)).toBeDefined();
    }
  });
});

describe('a loopback address', () => {
  const octets = fc.tuple(fc.constant(127), fc.nat(255), fc.nat(255), fc.nat(255));
  type Octets = readonly [number, number, number, number];
  const number = ([a, b, c, d]: Octets) => ((a * 256 + b) * 256 + c) * 256 + d;
  const hex = (octets: Octets, from: number) => ((octets[from] ?? 0) * 256 + (octets[from + 1] ?? 0)).toString(16);
  const spellings: ((octets: Octets) => string)[] = [
    (all) => all.join('.'),
    (all) => String(number(all)),
    (all) => `0x${number(all).toString(16)}`,
    (all) => `0${number(all).toString(8)}`,
    (all) => all.map((one) => `0x${one.toString(16)}`).join('.'),
    (all) => all.map((one) => `0${one.toString(8)}`).join('.'),
    ([a, b, c, d]) => `${a}.${(b * 256 + c) * 256 + d}`,
    ([a, b, c, d]) => `${a}.${b}.${c * 256 + d}`,
    (all) => `[::ffff:${all.join('.')}]`,
    (all) => `[::ffff:${hex(all, 0)}:${hex(all, 2)}]`,
    (all) => `[0:0:0:0:0:FFFF:${hex(all, 0)}:${hex(all, 2)}]`,
    (all) => `[::${all.join('.')}]`,
    (all) => `[64:ff9b::${all.join('.')}]`,
    (all) => `[2002:${hex(all, 0)}:${hex(all, 2)}::]`,
  ];

  it('is none of the internet’s in whatever spelling, as it is and as a URL makes it', () => {
    fc.assert(
      fc.property(octets, fc.constantFrom(...spellings), (all, spell) => {
        const spelt = spell(all);
        const { hostname } = new URL(`https://${spelt}/`);
        for (const one of [spelt, hostname]) {
          expect(whyForbidden(one.replace(/^\[|\]$/g, ''), [])).toBeDefined();
        }
      }),
    );
  });
});
