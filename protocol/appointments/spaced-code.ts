/** `482 177 36 50`, for screens and paper. */
export const spacedCode = (code: string): string =>
  code.replace(/^(\d{3})(\d{3})(\d\d)(\d\d)$/, '$1 $2 $3 $4');
