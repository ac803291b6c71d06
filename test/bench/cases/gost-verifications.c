/*
 * gost-verifications 256|512 MS: how many signatures of GOST R 34.10-2012 OpenSSL's engine verifies in a
 * second on one processor; prints {"perSecond": …}.
 */
#define OPENSSL_API_COMPAT 0x10100000L
#include <openssl/engine.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now_ms(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return at.tv_sec * 1e3 + at.tv_nsec / 1e6;
}

int main(int count, char **arguments) {
  if (count != 3) return 2;
  size_t length = (size_t)atoi(arguments[1]) / 8;
  ENGINE *engine = ENGINE_by_id("gost");
  if (engine == NULL || !ENGINE_init(engine) || !ENGINE_set_default(engine, ENGINE_METHOD_ALL)) return 3;
  EVP_PKEY *key = NULL;
  int kind = length == 32 ? NID_id_GostR3410_2012_256 : NID_id_GostR3410_2012_512;
  EVP_PKEY_CTX *making = EVP_PKEY_CTX_new_id(kind, NULL);
  if (making == NULL || EVP_PKEY_keygen_init(making) <= 0 ||
      EVP_PKEY_CTX_ctrl_str(making, "paramset", "A") <= 0 || EVP_PKEY_keygen(making, &key) <= 0)
    return 4;
  unsigned char digest[64] = {7}, signature[128];
  size_t size = sizeof signature;
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
  if (EVP_PKEY_sign_init(context) <= 0 || EVP_PKEY_sign(context, signature, &size, digest, length) <= 0) return 5;
  double begun = now_ms(), for_ms = atof(arguments[2]);
  long done = 0;
  for (; now_ms() - begun < for_ms; done++) {
    if (EVP_PKEY_verify_init(context) <= 0 || EVP_PKEY_verify(context, signature, size, digest, length) != 1)
      return 6;
  }
  printf("{\"perSecond\": %.1f}\n", done * 1000 / (now_ms() - begun));
  return 0;
}
