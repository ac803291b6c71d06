import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CentreCaseLine } from '../../protocol/api/centre.ts';
import { httpClient, waitFor } from '../../provisioning/demonstration/box-client.ts';
import { someFreeBase } from '../../provisioning/demonstration/ports.ts';
import { startRegion } from '../../provisioning/demonstration/region.ts';
import { createVisit } from '../../provisioning/demonstration/visit-steps.ts';

test('KEM-13 LED-3.6 a package signed by a clerk whose certificate was revoked goes to no agency, and people are told why', async t => {
  const dir = await mkdtemp(join(tmpdir(), 'okno-revoked-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const basePort = await someFreeBase(1);
  const region = await startRegion({ dir, basePort, branches: 1, agencyStepMs: 300 });
  t.after(() => region.stop());
  const [branch] = region.branches;
  assert.ok(branch);
  const visit = createVisit(region, branch);
  for (const step of [visit.ticket, visit.call, visit.scan, visit.recognise])
    assert.equal((await step()).ok, true);
  const { certificate } = await visit.sign();
  await httpClient(region.authorityUrl).post('/revoke', { serial: certificate });
  assert.equal((await visit.send()).ok, true, 'the branch goes on: only the centre asks');

  const operator = httpClient(region.operatorUrl);
  await operator.post('/api/login', { login: 'operator', password: region.secrets.password });
  const refused = await waitFor('the refusal', async () =>
    (await operator.get<CentreCaseLine[]>('/api/cases')).find(({ state }) => state === 'refused'),
  );
  const clerk = httpClient(branch.url);
  await clerk.post('/api/login', { login: 'clerk', password: region.secrets.password });
  const atBox = await waitFor('the word to the clerk', async () => {
    const { trouble } = await clerk.get<{ trouble: { code: string; ru: string } | null }>(
      `/api/cases/${refused.caseId}`,
    );
    return trouble;
  });
  for (const trouble of [refused.trouble, atBox]) {
    assert.equal(trouble?.code, 'relay.package-refused');
    assert.match(trouble?.ru ?? '', /сертификат отозван, и нет доказательства, что подпись создана раньше/);
  }
  assert.equal(refused.registrationNumber, null);
});
