/*
 * Nobody gets out of the page: not by touch, not by a keyboard that somebody plugged in, not by the barcode
 * scanner, not by a long press. What a page cannot refuse (Alt+F4, Ctrl+W, Ctrl+Alt+Del) is the window
 * manager's, and the supervisor starts the browser again (ADR 44).
 */

/** Keys that work without any other key held. Everything else with a name is the browser's. */
const ownKeys = new Set([
  'Tab',
  'Enter',
  'Escape',
  'Backspace',
  'Delete',
  'Home',
  'End',
  'PageUp',
  'PageDown',
  'ArrowUp',
  'ArrowDown',
  'ArrowLeft',
  'ArrowRight',
  'Shift',
]);

/** Whether a key may do what it does by itself: letters, and what walks and presses. */
export function mayPass(key: {
  key: string;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
}): boolean {
  if (key.ctrlKey || key.altKey || key.metaKey) return false;
  if ([...key.key].length === 1) return true;
  if (key.shiftKey && key.key !== 'Tab' && key.key !== 'Shift') return false;
  return ownKeys.has(key.key);
}

const refused = [
  'contextmenu',
  'dragstart',
  'dragover',
  'drop',
  'selectstart',
  'copy',
  'cut',
  'paste',
  'auxclick',
  'gesturestart',
  'beforeprint',
] as const;

export function stayInside(): void {
  const refuse = (event: Event) => event.preventDefault();
  const everywhere = { capture: true, passive: false };
  for (const name of refused) addEventListener(name, refuse, everywhere);
  addEventListener('keydown', event => !mayPass(event) && refuse(event), everywhere);
  // Two fingers, and Ctrl with the wheel, would change the size of everything.
  addEventListener('wheel', event => event.ctrlKey && refuse(event), everywhere);
  addEventListener('touchmove', event => event.touches.length > 1 && refuse(event), everywhere);
  // The mouse's buttons for back and forward.
  addEventListener('mouseup', event => event.button > 1 && refuse(event), everywhere);
  // A way back that leads nowhere but here.
  history.pushState(null, '');
  addEventListener('popstate', () => history.pushState(null, ''));
}
