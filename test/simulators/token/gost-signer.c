/*
 * Signs digests by GOST R 34.10-2012 with OpenSSL's engine: key.pem in the folder given; a digest of 32 or
 * 64 bytes comes in, a signature of twice the length goes out, until the input ends. First of all the length
 * goes out in one byte. A program of its own because Node shows its own OpenSSL to whatever it loads.
 */
#define OPENSSL_API_COMPAT 0x10100000L
#include <openssl/engine.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>

int main(int count, char **arguments) {
  char path[4096];
  if (count != 2) return 2;
  snprintf(path, sizeof path, "%s/key.pem", arguments[1]);
  ENGINE *engine = ENGINE_by_id("gost");
  if (engine == NULL || !ENGINE_init(engine) || !ENGINE_set_default(engine, ENGINE_METHOD_ALL)) return 3;
  FILE *file = fopen(path, "r");
  EVP_PKEY *key = file == NULL ? NULL : PEM_read_PrivateKey(file, NULL, NULL, NULL);
  if (key == NULL) return 4;
  size_t length = (size_t)EVP_PKEY_bits(key) / 8;
  putchar((int)length);
  fflush(stdout);

  unsigned char digest[64], signature[128];
  while (fread(digest, 1, length, stdin) == length) {
    size_t size = sizeof signature;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
    if (context == NULL || EVP_PKEY_sign_init(context) <= 0 ||
        EVP_PKEY_sign(context, signature, &size, digest, length) <= 0)
      return 5;
    EVP_PKEY_CTX_free(context);
    fwrite(signature, 1, size, stdout);
    fflush(stdout);
  }
  return 0;
}
