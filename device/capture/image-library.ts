/** The image library, loaded with the first page: a box that scans nothing keeps the memory. */
export const imageLibrary = async () => (await import('sharp')).default;
