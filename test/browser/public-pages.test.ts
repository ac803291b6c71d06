/*
 * Kiosk, board and phone: one box and one browser for all screens, in this order. The last ones take the box down
 * and change its hours.
 */
import './public/kiosk.ts';
import './public/late-answers.ts';
import './public/booking.ts';
import './public/board.ts';
import './public/phone.ts';
import './public/closing.ts';
