/**
 * What the tests of pages ask of a page in a real browser: what the browser complains about, and the barriers that axe
 * finds. Which of them count each test says itself.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** The smaller of the two common screens. */
export const commonScreen = { width: 1366, height: 768 } as const;

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A page in a context of its own on the common screen; its complaints are added to the list as they come. */
export async function openPage(
  browser: Browser,
  complaints: string[],
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({ viewport: commonScreen, ...options });
  const page = await context.newPage();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return page;
}

export interface Barrier {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string }[];
}

/** Everything that axe holds against the page as it is now. */
export async function findBarriers(page: Page): Promise<readonly Barrier[]> {
  // Through the debugger, which the content policy does not bind.
  await page.evaluate(axe);
  // What passed is not asked for: to tell each element that did takes longer than to look.
  const { violations } = (await page.evaluate(`axe.run({ resultTypes: ['violations'] })`)) as {
    violations: readonly Barrier[];
  };
  return violations;
}

/** What keeps somebody out. */
export const isGrave = ({ impact }: Barrier): boolean => impact === 'serious' || impact === 'critical';

export const barrierText = ({ id, nodes }: Barrier): string => `${id}: ${nodes.map(({ html }) => html).join(' ')}`;
