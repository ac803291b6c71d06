import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createApplicantDesk } from '../../device/cases/applicant-desk.ts';
import { rightPin } from '../fixtures/branch.ts';
import { softwareToken } from '../fixtures/software-token.ts';
import { branch, count, desk, me, parties, readyCase, required, start } from './case-setting.ts';

test('a wrong PIN that is sent twice by one press costs one try of the token', async () => {
  await start();
  const { caseId } = await readyCase();
  const press = (pin: string) => desk().cases.sign(me, caseId, pin);
  const refused = await Promise.allSettled([press('55500055'), press('55500055')]);
  assert.deepEqual(
    refused.map(each => each.status === 'rejected' && each.reason.code),
    ['token.pin-refused', 'token.pin-refused'],
  );
  assert.equal(count('token.pin-refused'), 1);
  await press(rightPin);
  assert.equal(count('document.signed'), required.length);
});

test('KEM-19 the same holds for the card of the applicant', async () => {
  await start();
  const { caseId } = await readyCase();
  const { journal, store, blobs } = desk();
  const token = softwareToken(parties.clerk, rightPin);
  let sessions = 0;
  const applicants = createApplicantDesk({
    ...{ journal, store, blobs, clock: branch.clock },
    trust: { ...parties.trust, applicants: parties.trust.clerks },
    token: {
      ...token,
      session: (...wish) => {
        sessions++;
        return token.session(...wish);
      },
    },
  });
  const press = (pin: string) => applicants.sign(me, caseId, pin);
  await Promise.allSettled([press('55500055'), press('55500055')]);
  assert.equal(sessions, 1);
  await Promise.all([press(rightPin), press(rightPin)]);
  assert.equal(sessions, 2);
  assert.equal(count('document.applicant-signed'), required.length);
});
