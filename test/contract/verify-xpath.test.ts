import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { trustOf } from '../../protocol/signature/trust.ts';
import { verifyXml } from '../../protocol/xml-signature/verify.ts';
import { createAuthority } from '../../provisioning/certificates/authority.ts';

import { makeSigner } from '../fixtures/signers.ts';

const authority = await createAuthority('Вымышленный удостоверяющий центр');
const signer = await makeSigner(authority, 'rsa-pkcs1-sha256');
const trust = trustOf({ anchors: [authority.certificateDer], at: new Date(Date.now() + 60_000) });
const folder = mkdtempSync(join(tmpdir(), 'okno-xmlsec-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const keyFile = join(folder, 'key.pem');
const certificateFile = join(folder, 'certificate.pem');
writeFileSync(keyFile, signer.key.export({ type: 'pkcs8', format: 'pem' }));
writeFileSync(certificateFile, new X509Certificate(signer.certificate).toString());

const ds = 'http://www.w3.org/2000/09/xmldsig#';
const filter2 = 'http://www.w3.org/2002/06/xmldsig-filter2';
const forms = {
  'Canonical XML 1.0': 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
  'Canonical XML 1.0 with comments': 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments',
  'Canonical XML 1.1': 'http://www.w3.org/2006/12/xml-c14n11',
  exclusive: 'http://www.w3.org/2001/10/xml-exc-c14n#',
};
const prefixes = 'xmlns:m="urn:m" xmlns:d="urn:d"';
const transform = (algorithm: string, inner = '') =>
  `<ds:Transform Algorithm="${algorithm}">${inner}</ds:Transform>`;
const enveloped = transform(`${ds}enveloped-signature`);
const xpath = (expression: string) =>
  transform('http://www.w3.org/TR/1999/REC-xpath-19991116', `<ds:XPath ${prefixes}>${expression}</ds:XPath>`);
const branches = (...steps: [filter: string, expression: string][]) =>
  transform(
    filter2,
    steps
      .map(
        ([filter, text]) => `<f:XPath xmlns:f="${filter2}" ${prefixes} Filter="${filter}">${text}</f:XPath>`,
      )
      .join(''),
  );

const message = (
  uri: string,
  transforms: string,
  method = forms.exclusive,
) => `<?xml version="1.0" encoding="UTF-8"?>
<!-- outside --><m:message xmlns:m="urn:m" xmlns="urn:d" xmlns:u="urn:unused" xml:lang="ru" xml:base="http://example.org/x/">
  <m:order Id="order" xml:base="sub/">Заявление &amp; ещё<!-- inside --><item xmlns="" n="1">один<deep/></item></m:order>
  <note xml:lang="en" kind="draft">Черновик<part kind="last">в конце</part></note><code Id="code">0J/RgNC+0LHQsA==</code>
  <ds:Signature xmlns:ds="${ds}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="${method}"/><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/><ds:Reference URI="${uri}"><ds:Transforms>${transforms}</ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue/></ds:Reference></ds:SignedInfo><ds:SignatureValue/><ds:KeyInfo><ds:X509Data/></ds:KeyInfo></ds:Signature>
</m:message>`;

/** Has xmlsec fill in digest and value. */
function signed(text: string): string {
  const [from, to] = [join(folder, 'template.xml'), join(folder, 'signed.xml')];
  writeFileSync(from, text);
  const names = ['urn:m:order', 'urn:d:code'].flatMap(name => ['--id-attr:Id', name]);
  const key = ['--privkey-pem', `${keyFile},${certificateFile}`];
  const { status, stderr } = spawnSync('xmlsec1', ['--sign', ...names, ...key, '--output', to, from], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  return readFileSync(to, 'utf8');
}

async function judged(xml: string): Promise<{ verdict: string; covers: string[] }> {
  const { signatures } = await verifyXml(Buffer.from(xml), trust);
  const [only] = signatures;
  assert.ok(only);
  return { verdict: only.reason ? `${only.verdict} ${only.reason}` : only.verdict, covers: only.covers };
}

const noSignature = 'not(ancestor-or-self::ds:Signature)';
const rows: [name: string, uri: string, transforms: string, covers: string[]][] = [
  ['the enveloped signature', '', enveloped, ['']],
  ['a part', '#order', '', ['#order']],
  ['a part by XPointer, with comments', "#xpointer(id('order'))", '', ["#xpointer(id('order'))"]],
  ['every signature left out', '', xpath(noSignature), ['']],
  [
    'this signature left out by here()',
    '',
    xpath(
      'count(ancestor-or-self::ds:Signature | here()/ancestor::ds:Signature[1]) &gt; count(ancestor-or-self::ds:Signature)',
    ),
    [''],
  ],
  [
    'one branch',
    '',
    xpath(`${noSignature} and ancestor-or-self::m:order`),
    ['#xpath(/m:message[1]/m:order[1])'],
  ],
  [
    'tags taken away around what stays',
    '',
    xpath(`${noSignature} and not(self::m:order)`),
    [
      '#xpath(/m:message[1]/@lang)',
      '#xpath(/m:message[1]/@base)',
      '#xpath(/m:message[1]/m:order[1]/@Id)',
      '#xpath(/m:message[1]/m:order[1]/@base)',
      '#xpath(/m:message[1]/m:order[1]/text())',
      '#xpath(/m:message[1]/m:order[1]/item[1])',
      '#xpath(/m:message[1]/note[1])',
      '#xpath(/m:message[1]/code[1])',
    ],
  ],
  [
    'a part without its text',
    '#order',
    xpath('not(self::text())'),
    [
      '#xpath(/m:message[1]/m:order[1]/@Id)',
      '#xpath(/m:message[1]/m:order[1]/@base)',
      '#xpath(/m:message[1]/m:order[1]/item[1]/@n)',
      '#xpath(/m:message[1]/m:order[1]/item[1]/deep[1])',
    ],
  ],
  ['this signature subtracted', '', branches(['subtract', 'here()/ancestor::ds:Signature[1]']), ['']],
  [
    'branches kept and added',
    '',
    branches(['intersect', '//m:order'], ['subtract', '//item'], ['union', 'id("code")']),
    [
      '#xpath(/m:message[1]/m:order[1]/@Id)',
      '#xpath(/m:message[1]/m:order[1]/@base)',
      '#xpath(/m:message[1]/m:order[1]/text())',
      '#xpath(/m:message[1]/code[1])',
    ],
  ],
  [
    'filters one after another',
    '',
    enveloped + branches(['subtract', '//d:part']) + xpath('not(self::d:note)'),
    [
      '#xpath(/m:message[1]/@lang)',
      '#xpath(/m:message[1]/@base)',
      '#xpath(/m:message[1]/m:order[1])',
      '#xpath(/m:message[1]/note[1]/@lang)',
      '#xpath(/m:message[1]/note[1]/@kind)',
      '#xpath(/m:message[1]/note[1]/text())',
      '#xpath(/m:message[1]/code[1])',
    ],
  ],
];

const noXmlsec =
  spawnSync('xmlsec1', ['--version']).status === 0 ? false : 'the program xmlsec1 is not installed';
suite('filters of XML signatures as xmlsec makes them', { skip: noXmlsec }, () => {
  for (const [name, uri, transforms, covers] of rows)
    test(`${name} passes in every canonical form, and what is covered is told`, async () => {
      for (const form of Object.values(forms)) {
        const { verdict, covers: found } = await judged(
          signed(message(uri, transforms + transform(form), form)),
        );
        assert.deepEqual([form, verdict], [form, 'passed']);
        // Whether attributes and deeper branches stay depends on nothing but the filter.
        assert.deepEqual(found, covers);
      }
    });

  test('listed prefixes of the exclusive form', async () => {
    const list =
      '<ec:InclusiveNamespaces xmlns:ec="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="u #default"/>';
    const xml = signed(message('#order', transform(forms.exclusive, list)));
    assert.equal((await judged(xml)).verdict, 'passed');
    assert.equal((await judged(xml.replace('urn:unused', 'urn:other'))).verdict, 'failed HASH_FAILURE');
  });

  test('base64 is decoded from the text that is left', async () => {
    const xml = signed(message('', xpath('self::text() and parent::d:code') + transform(`${ds}base64`)));
    assert.deepEqual(await judged(xml), {
      verdict: 'passed',
      covers: ['#xpath(/m:message[1]/code[1]/text())'],
    });
  });

  test('what a filter takes away may change, what it leaves may not', async () => {
    const xml = signed(message('', xpath(`${noSignature} and ancestor-or-self::m:order`)));
    assert.equal((await judged(xml.replace('Черновик', 'Другое'))).verdict, 'passed');
    assert.equal((await judged(xml.replace('Заявление', 'Жалоба'))).verdict, 'failed HASH_FAILURE');
  });

  test('a signature over nothing never passes', async () => {
    const xml = signed(message('', xpath('false()')));
    assert.deepEqual(await judged(xml), { verdict: 'indeterminate SIGNED_DATA_NOT_FOUND', covers: [] });
  });
});

const refused: [name: string, transforms: string, expected: string][] = [
  ['an expression that is none', xpath('not('), 'failed FORMAT_FAILURE'],
  ['a prefix that nothing declares', xpath('self::zz:x'), 'failed FORMAT_FAILURE'],
  ['a filter of an unknown kind', branches(['xor', '//m:order']), 'failed FORMAT_FAILURE'],
  ['a function that is not known', xpath('matches(., "x")'), 'indeterminate FORMAT_NOT_SUPPORTED'],
  ['a variable', xpath('$all'), 'indeterminate FORMAT_NOT_SUPPORTED'],
  [
    'work without end',
    xpath(`${'following::node()[preceding::node()['.repeat(20)}1${']]'.repeat(20)}`),
    'indeterminate FORMAT_NOT_SUPPORTED',
  ],
];
suite('a filter that cannot be followed', () => {
  for (const [name, transforms, expected] of refused)
    test(`${name}: ${expected}`, async () => {
      const body = Buffer.from(signer.certificate).toString('base64');
      const xml = message('', transforms).replace(
        '<ds:X509Data/>',
        `<ds:X509Data><ds:X509Certificate>${body}</ds:X509Certificate></ds:X509Data>`,
      );
      assert.equal((await judged(xml)).verdict, expected);
    });
});
