import { type Browser, chromium, type Page } from 'playwright-core';

/** Debian's Chromium, without the services that look for a network which a branch does not have. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-features=Translate',
      '--autoplay-policy=no-user-gesture-required',
    ],
  });
}

/** Real sizes of the screens, in pixels. */
export const screens = {
  kiosk: { width: 1080, height: 1920 },
  kioskWide: { width: 1280, height: 1024 },
  board: { width: 1920, height: 1080 },
  clerk: { width: 1366, height: 768 },
  operator: { width: 1920, height: 1080 },
  phone: { width: 390, height: 844 },
} as const;

export interface Watched {
  page: Page;
  /** Errors of the page's scripts, failed answers of the server, addresses outside our own: must stay empty. */
  troubles: string[];
}

/** Opens a page and listens to what goes wrong on it. Refusals (4xx) are part of a visit, faults (5xx) are not. */
export async function openPage(
  browser: Browser,
  url: string,
  viewport: { width: number; height: number },
): Promise<Watched> {
  const page = await browser.newPage({ viewport, locale: 'ru-RU' });
  const watched = watchPage(page, url);
  await page.goto(url);
  return watched;
}

/** Listens to what goes wrong on a page from now on. */
export function watchPage(page: Page, url: string): Watched {
  const troubles: string[] = [];
  page.on('pageerror', error => troubles.push(String(error)));
  page.on('console', message => {
    const isRefusal = /status of 4\d\d/.test(message.text());
    if (message.type() === 'error' && !isRefusal) troubles.push(message.text());
  });
  page.on('request', request => {
    const { protocol, host } = new URL(request.url());
    if (protocol.startsWith('http') && host !== new URL(url).host)
      troubles.push(`left the box: ${request.url()}`);
  });
  return { page, troubles };
}
