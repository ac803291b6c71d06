import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import {
  consistencyPath,
  inclusionPath,
  isConsistent,
  isIncluded,
  leafHash,
  type NodeAt,
  nodeHash,
  rootHash,
} from '../../protocol/audit/merkle.ts';

/** The tree as RFC 6962 defines it, without any cleverness. */
function plainRoot(leaves: Buffer[]): Buffer {
  const [first] = leaves;
  if (!first) return createHash('sha256').digest();
  if (leaves.length === 1) return first;
  let left = 1;
  while (left * 2 < leaves.length) left *= 2;
  return nodeHash(plainRoot(leaves.slice(0, left)), plainRoot(leaves.slice(left)));
}

const most = 33;
const leaves = Array.from({ length: most }, (_, n) => leafHash(Buffer.from(`entry ${n}`)));
const nodeOf =
  (all: Buffer[]): NodeAt =>
  async (level, at) =>
    plainRoot(all.slice(at * 2 ** level, (at + 1) * 2 ** level));
const node = nodeOf(leaves);
const leafAt = (index: number) => leaves[index] ?? Buffer.alloc(0);

test('RFC 6962: the roots are those of the published test of certificate transparency', async () => {
  const entries = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657'];
  entries.push('606162636465666768696a6b6c6d6e6f');
  const known = nodeOf(entries.map(hex => leafHash(Buffer.from(hex, 'hex'))));
  const roots = [];
  for (let size = 0; size <= 8; size++) roots.push((await rootHash(size, known)).toString('hex'));
  assert.deepEqual(roots, [
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ]);
});

test('every entry of every size is proved, at its own place only', async () => {
  for (let size = 1; size <= most; size++) {
    const root = await rootHash(size, node);
    assert.deepEqual(root, plainRoot(leaves.slice(0, size)));
    for (let index = 0; index < size; index++) {
      const path = await inclusionPath(index, size, node);
      for (let other = -1; other <= size; other++)
        assert.equal(
          isIncluded(leafAt(index), other, size, path, root),
          other === index,
          `${index}/${other}/${size}`,
        );
      assert.equal(isIncluded(leafAt(index + 1), index, size, path, root), false);
      for (const wrong of [path.slice(1), [...path, root], path.toReversed()])
        if (wrong.join() !== path.join())
          assert.equal(isIncluded(leafAt(index), index, size, wrong, root), false);
    }
  }
});

test('every log is shown to have grown out of every earlier one, and out of no other', async () => {
  const other = nodeOf([leafHash(Buffer.from('rewritten')), ...leaves.slice(1)]);
  for (let second = 1; second <= most; second++)
    for (let first = 1; first <= second; first++) {
      const now = { size: second, root: await rootHash(second, node) };
      const then = { size: first, root: await rootHash(first, node) };
      const path = await consistencyPath(first, second, node);
      assert.equal(isConsistent(then, now, path), true, `${first}/${second}`);
      const rewritten = { size: second, root: await rootHash(second, other) };
      assert.equal(isConsistent(then, rewritten, await consistencyPath(first, second, other)), false);
      assert.equal(isConsistent(then, rewritten, path), false);
      for (const wrong of [path.slice(1), [...path, now.root]])
        if (wrong.length !== path.length)
          assert.equal(isConsistent(then, now, wrong), false, `${first}/${second}`);
      if (first < second) assert.equal(isConsistent(now, then, path), false);
    }
});
