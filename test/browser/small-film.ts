import type { Browser } from 'playwright-core';

/** A film of a second or two, WebM without sound, recorded by the browser itself: no codec of ours, no file to keep. */
export async function recordFilm(browser: Browser): Promise<Uint8Array> {
  const page = await browser.newPage();
  try {
    const base64 = await page.evaluate(async () => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
      const paint = canvas.getContext('2d');
      const recorder = new MediaRecorder(canvas.captureStream(10), { mimeType: 'video/webm' });
      const parts: Blob[] = [];
      recorder.ondataavailable = ({ data }) => parts.push(data);
      const ended = new Promise(resolve => {
        recorder.onstop = resolve;
      });
      recorder.start();
      for (let frame = 0; frame < 15; frame++) {
        paint?.fillRect(frame * 20, 40, 16, 100);
        await new Promise(resolve => setTimeout(resolve, 100));
      }
      recorder.stop();
      await ended;
      const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
      return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''));
    });
    return Buffer.from(base64, 'base64');
  } finally {
    await page.close();
  }
}
