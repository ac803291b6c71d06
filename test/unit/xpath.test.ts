import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { allBelow, attributeOf, XmlError } from '../../protocol/xml/nodes.ts';
import { parseXml } from '../../protocol/xml/parse.ts';
import { evaluate } from '../../protocol/xml/xpath/evaluate.ts';
import { parseExpression } from '../../protocol/xml/xpath/grammar.ts';
import { Effort, pathNodesOf, UnsupportedPath } from '../../protocol/xml/xpath/model.ts';
import { isNodes, toNumber, toText } from '../../protocol/xml/xpath/values.ts';
import { partAt, writtenPart } from '../../protocol/xml-signature/parts.ts';
import { filteredByXPath } from '../../protocol/xml-signature/xpath-filters.ts';

const source = `<?xml version="1.0"?><!-- before --><a:list xmlns:a="urn:a" xmlns="urn:d" xml:lang="ru-RU" Id="top">
<item n="1">один</item><item n="2">два<!-- c --><![CDATA[ & три]]></item><?pi data?><a:item n="3" a:n="x"><deep/></a:item><sum>10</sum><sum>-2.5</sum></a:list>`;
const document = parseXml(Buffer.from(source));
const scope = new Map([
  ['a', 'urn:a'],
  ['d', 'urn:d'],
]);

/** What an expression gives at the root: text, or names of the nodes. */
function ask(expression: string): string {
  const nodes = pathNodesOf(document, new Effort());
  const [root] = nodes;
  assert.ok(root);
  const byId = (id: string) =>
    nodes.filter(
      ({ source: node }) =>
        node && 'kind' in node && node.kind === 'element' && attributeOf(node, 'Id') === id,
    );
  const environment = { root, here: null, byId, known: new Map() };
  const value = evaluate(parseExpression(expression, scope), {
    node: root,
    position: 1,
    size: 1,
    environment,
  });
  if (!isNodes(value)) return `${typeof value} ${toText(value)}`;
  return value.map(({ kind, name, text }) => (name === '' ? `${kind}(${text.trim()})` : name)).join(' ');
}

const rows: [expression: string, answer: string][] = [
  // Section 2: location paths.
  ['/', 'root()'],
  ['/*', 'list'],
  ['//d:item', 'item item'],
  ['//item', ''],
  ['//*[@n]', 'item item item'],
  ['//a:*', 'list item'],
  ['//@a:n', 'n'],
  ['//d:item[2]/text()', 'text(два) text(& три)'],
  ['//comment()', 'comment(before) comment(c)'],
  ['//processing-instruction("pi") | //processing-instruction("other")', 'pi'],
  ['//d:deep/ancestor::*', 'list item'],
  ['//d:deep/ancestor::*[1]', 'item'],
  ['(//d:deep/ancestor::*)[1]', 'list'],
  ['//a:item/preceding-sibling::*[1]/@n', 'n'],
  ['string(//a:item/preceding-sibling::*[1]/@n)', 'string 2'],
  ['//d:item[1]/following::*', 'item item deep sum sum'],
  ['//d:item[1]/following::node()[self::processing-instruction()]', 'pi'],
  ['//d:deep/preceding::d:item', 'item item'],
  ['//d:sum/following-sibling::d:sum', 'sum'],
  ['/*/namespace::*', 'a namespace(urn:d) xml'],
  ['//@n/following::d:deep', 'deep'],
  ['//d:item[last()]/@n = 2', 'boolean true'],
  ['//d:item[position() mod 2 = 1]/@n', 'n'],
  ['count(//. | //@*)', 'number 23'],
  ['.//d:deep/..', 'item'],
  ['id("none top")', 'list'],
  // Section 3: operators.
  ['2 + 3 * 4 - 6 div 4', 'number 12.5'],
  ['-7 mod 3', 'number -1'],
  ['- - 2', 'number 2'],
  ['1 < 2 and not(2 <= 1) or false()', 'boolean true'],
  ['//d:sum > 9', 'boolean true'],
  ['//d:sum = //d:sum', 'boolean true'],
  ['//d:sum != 10', 'boolean true'],
  ['//none = ""', 'boolean false'],
  ['//none = false()', 'boolean true'],
  ['"1" = 1', 'boolean true'],
  ['1 div 0', 'number Infinity'],
  ['number("x") = number("x")', 'boolean false'],
  ['number("1e3")', 'number NaN'],
  ['number(" \t-1.5\n")', 'number -1.5'],
  ['number("1 5")', 'number NaN'],
  ['number("\u00a05")', 'number NaN'],
  ['1000000000000000000000 * 10', 'number 10000000000000000000000'],
  ['1 div 1000000000', 'number 0.000000001'],
  // Section 4: functions, with the examples of the recommendation.
  ['substring("12345", 1.5, 2.6)', 'string 234'],
  ['substring("12345", 0, 3)', 'string 12'],
  ['substring("12345", 0 div 0, 3)', 'string '],
  ['substring("12345", -42, 1 div 0)', 'string 12345'],
  ['substring("12345", -1 div 0, 1 div 0)', 'string '],
  ['substring-before("1999/04/01", "/")', 'string 1999'],
  ['substring-after("1999/04/01", "19")', 'string 99/04/01'],
  ['translate("--aaa--", "abc-", "ABC")', 'string AAA'],
  ['normalize-space("  a \n b ")', 'string a b'],
  ['string-length("дв𐍈а")', 'number 4'],
  ['concat("a", 1, true())', 'string a1true'],
  ['sum(//d:sum)', 'number 7.5'],
  ['round(-2.5) = -2 and floor(2.6) = 2 and ceiling(2.2) = 3', 'boolean true'],
  ['name(//a:item) = "a:item" and local-name(//a:item) = "item"', 'boolean true'],
  ['namespace-uri(//d:deep)', 'string urn:d'],
  ['boolean(//d:deep[lang("RU")])', 'boolean true'],
  ['boolean(//d:deep[lang("en")])', 'boolean false'],
  ['contains("abc", "") and starts-with("abc", "ab")', 'boolean true'],
  ['count(//d:item[contains(., "два & три")])', 'number 1'],
];

suite('XPath 1.0', () => {
  for (const [expression, answer] of rows)
    test(`${expression} is ${answer || 'nothing'}`, () => assert.equal(ask(expression), answer));

  for (const broken of [
    '',
    '//',
    '1 +',
    'a::b',
    '(1',
    'item[',
    '//x:y',
    '#',
    'count()',
    'count(1)',
    'here()',
    `${'('.repeat(99)}1${')'.repeat(99)}`,
  ])
    test(`«${broken.slice(0, 20)}» is no expression here`, () => assert.throws(() => ask(broken), XmlError));

  for (const unknown of ['$variable', 'matches("a", "b")', 'a:own()'])
    test(`${unknown} is not known`, () => assert.throws(() => ask(unknown), UnsupportedPath));

  test('an expression made to take hours is given up', () => {
    const inner = 'following::node()[preceding::node()['.repeat(20);
    assert.throws(() => ask(`//node()[${inner}1${']]'.repeat(20)}]`), UnsupportedPath);
  });
});

test('the subset of a document that Canonical XML 1.0 shows in section 3.7', () => {
  const subset = parseXml(
    Buffer.from(
      '<doc xmlns="http://www.ietf.org" xmlns:w3c="http://www.w3.org">\n   <e1>\n      <e2 xmlns="" xml:space="preserve">\n         <e3 id="E3"/>\n      </e2>\n   </e1>\n</doc>',
    ),
  );
  const transform = parseXml(
    Buffer.from(
      `<Transform xmlns="http://www.w3.org/2000/09/xmldsig#"><XPath xmlns:ietf="http://www.ietf.org">
        self::ietf:e1 or (parent::ietf:e1 and not(self::text() or self::e2))
        or count(id("E3")|ancestor-or-self::node()) = count(ancestor-or-self::node())</XPath></Transform>`,
    ),
  ).root;
  const whole = partAt(subset, subset.root, { isWhole: true, comments: false });
  const byId = (id: string) => [...allBelow(subset.root)].filter(each => attributeOf(each, 'id') === id);
  const written = writtenPart(filteredByXPath(whole, transform, { byId, effort: new Effort() }), {
    exclusive: false,
    comments: false,
  });
  assert.equal(
    Buffer.from(written).toString(),
    '<e1 xmlns="http://www.ietf.org" xmlns:w3c="http://www.w3.org"><e3 xmlns="" id="E3" xml:space="preserve"></e3></e1>',
  );
});

test('a text with a million spaces is no number, at once', () => {
  assert.ok(Number.isNaN(toNumber(`x${' '.repeat(1_000_000)}x`)));
});
