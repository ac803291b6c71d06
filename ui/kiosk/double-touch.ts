import { currentScreen } from './screens.ts';

/** The second half of a double touch was meant for the screen that the first half has left: it presses nothing. */
export function ignoreSecondTouch(): void {
  let touched = currentScreen();
  addEventListener(
    'click',
    event => {
      const screen = currentScreen();
      if (event.detail < 2) touched = screen;
      else if (screen !== touched) {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
    },
    { capture: true },
  );
}
