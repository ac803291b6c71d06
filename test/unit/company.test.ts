import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCompany } from '../../platform/company.ts';

/** A disk that takes 5 ms, and people who come one after the other. */
function setting() {
  let nowMs = 1000;
  const company = createCompany(() => nowMs);
  const pass = (ms: number) => {
    nowMs += ms;
  };
  /** A flush for `told` people, who are back one each `everyMs`. */
  const round = (told: number, everyMs: number) => {
    company.flushed(5, told, 0);
    for (let back = 0; back < told; back++) {
      pass(everyMs);
      company.came();
    }
  };
  return { company, pass, round };
}

test('somebody alone waits for nobody', () => {
  const { company, round } = setting();
  company.came();
  assert.equal(company.worthWaitingMs(1), 0);
  for (let ticket = 0; ticket < 50; ticket++) round(1, 0.2);
  company.flushed(5, 1, 0);
  assert.equal(company.worthWaitingMs(1), 0);
});

test('those who are all back sooner than a flush lasts are waited for, at most that long', () => {
  const { company, pass, round } = setting();
  for (let flushes = 0; flushes < 5; flushes++) round(20, 0.2);
  company.flushed(5, 20, 0);
  assert.equal(company.worthWaitingMs(1), 5);
  pass(4);
  assert.equal(company.worthWaitingMs(19), 1);
  assert.equal(company.worthWaitingMs(20), 0, 'everybody is here');
  pass(1);
  assert.equal(company.worthWaitingMs(19), 0, 'the disk is worth more than the last one');
});

test('those who are slower than the disk are not waited for, and are again when they are quick', () => {
  const { company, round } = setting();
  for (let flushes = 0; flushes < 5; flushes++) round(20, 0.4);
  company.flushed(5, 10, 10);
  assert.equal(company.worthWaitingMs(10), 0);
  for (let flushes = 0; flushes < 5; flushes++) round(20, 0.1);
  company.flushed(5, 10, 10);
  assert.equal(company.worthWaitingMs(10), 5);
});

test('the time that answering takes is a part of how soon people are back', () => {
  const { company, pass } = setting();
  const answered = () => {
    company.flushed(5, 20, 0);
    // All are answered before the first of them is heard again.
    pass(3);
    for (let back = 0; back < 20; back++) {
      pass(0.15);
      company.came();
    }
  };
  for (let flushes = 0; flushes < 5; flushes++) answered();
  company.flushed(5, 10, 10);
  assert.equal(company.worthWaitingMs(10), 0, 'six milliseconds are more than a flush');
});

test('one long rest is no reason to wait for nobody any more', () => {
  const { company, pass, round } = setting();
  round(20, 0.1);
  pass(3_600_000);
  for (let flushes = 0; flushes < 4; flushes++) round(20, 0.1);
  company.flushed(5, 20, 0);
  assert.equal(company.worthWaitingMs(1), 5);
});
