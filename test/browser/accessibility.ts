import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

interface AxeResult {
  violations: { id: string; impact: string | null; nodes: { target: string[]; failureSummary?: string }[] }[];
}

/** Serious and critical findings of axe-core on the page as it stands, a line each. */
export async function seriousFindings(page: Page): Promise<string[]> {
  // As an expression of the test's own world: the page's policy forbids scripts of others.
  if ((await page.evaluate('typeof axe')) === 'undefined')
    await page.evaluate(await readFile(axePath, 'utf8'));
  const { violations } = (await page.evaluate('axe.run(document)')) as AxeResult;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(node => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
    );
}

/** Things to touch that are smaller than `side` pixels in either direction, with their names. */
export function smallTargets(page: Page, side: number): Promise<string[]> {
  return page.evaluate(
    least =>
      [...document.querySelectorAll('button, a, input, select, [role="button"]')].flatMap(element => {
        const { width, height } = element.getBoundingClientRect();
        const shown = width > 0 && height > 0;
        const name = element.getAttribute('aria-label') ?? element.textContent ?? '';
        return shown && (width < least || height < least)
          ? [`${name.trim()} ${Math.round(width)}×${Math.round(height)}`]
          : [];
      }),
    side,
  );
}
