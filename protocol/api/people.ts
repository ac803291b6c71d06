import Type from 'typebox';

/** `POST /api/login`, `GET /api/me` */
export const Credentials = Type.Object({
  login: Type.String({ minLength: 1, maxLength: 64 }),
  password: Type.String({ minLength: 1, maxLength: 200 }),
});

/** Who works at the centre: operators with cases, archivists with what is kept, auditors look only. */
export type CentreRole = 'operator' | 'archivist' | 'auditor';

export interface Me {
  login: string;
  name: string;
  post: string;
  /** `hall` is the hall administrator, `station` a kiosk with a box of its own. */
  role: 'clerk' | 'technician' | 'hall' | 'station' | 'spare' | CentreRole;
  window: string | null;
}
