/** A finger that touches a screen. */
export function TouchDrawing() {
  return (
    <svg class="drawing touch-drawing" viewBox="0 0 120 120" aria-hidden="true">
      <circle cx="52" cy="38" r="14" />
      <circle class="ring" cx="52" cy="38" r="27" />
      <path
        class="hand"
        d="M46 88V40a6 6 0 0 1 12 0v24l20 4a9 9 0 0 1 7 10l-3 19a12 12 0 0 1-12 10H58a13 13 0 0 1-10-5L33 83a6 6 0 0 1 9-8z"
      />
    </svg>
  );
}

/** The kiosk with its slot below the screen, and the ticket that comes out of it. */
export function PaperDrawing() {
  return (
    <svg class="drawing paper-drawing" viewBox="0 0 160 190" aria-hidden="true">
      <rect x="20" y="6" width="120" height="92" rx="8" />
      <rect class="screen" x="32" y="18" width="96" height="68" rx="4" />
      <path d="M32 98v84 M128 98v84" />
      <path class="slot" d="M48 120h64" />
      <path class="paper" d="M56 121h48v44l-6-4-6 4-6-4-6 4-6-4-6 4-6-4-6 4z" />
      <path class="paper-line" d="M66 135h28 M66 146h18" />
    </svg>
  );
}
