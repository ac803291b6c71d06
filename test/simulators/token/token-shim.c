/*
 * A PKCS#11 module in front of SoftHSM that behaves like a token in a hand: SoftHSM never locks a PIN
 * and cannot be pulled out. Set by the environment:
 *   TOKEN_SHIM_REAL       path of the module behind
 *   TOKEN_SHIM_STATE      folder of the state below; it outlives processes, as a token's own memory does
 *   TOKEN_SHIM_MAX_TRIES  wrong PINs until the user PIN is locked (default 3)
 *   TOKEN_SHIM_SIGN_MS    how much longer a signature takes than behind, as on a card (default 0)
 * Files in the folder:
 *   wrong-tries  wrong PINs since the last right one (written here)
 *   logins       how many log-ins succeeded (written here)
 *   pulled       exists: the token is not in the port
 *   hang         exists: signing never answers
 *   broken       exists: the token answers every signing with CKR_DEVICE_ERROR
 */
#include "pkcs11.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static CK_FUNCTION_LIST shim;
static CK_FUNCTION_LIST_PTR real;

static int state_path(char *out, size_t size, const char *name) {
  const char *folder = getenv("TOKEN_SHIM_STATE");
  return folder != NULL && snprintf(out, size, "%s/%s", folder, name) < (int)size;
}

static int is_set(const char *name) {
  char path[4096];
  return state_path(path, sizeof path, name) && access(path, F_OK) == 0;
}

static int read_count(const char *name) {
  char path[4096];
  int count = 0;
  FILE *file = state_path(path, sizeof path, name) ? fopen(path, "r") : NULL;
  if (file == NULL) return 0;
  if (fscanf(file, "%d", &count) != 1) count = 0;
  fclose(file);
  return count;
}

/* Returns 0 when the count could not be kept: then the call must fail, or a PIN could be tried for ever. */
static int write_count(const char *name, int count) {
  char path[4096];
  FILE *file = state_path(path, sizeof path, name) ? fopen(path, "w") : NULL;
  if (file == NULL) return 0;
  int written = fprintf(file, "%d\n", count) > 0;
  return fclose(file) == 0 && written;
}

static int max_tries(void) {
  const char *text = getenv("TOKEN_SHIM_MAX_TRIES");
  int tries = text == NULL ? 0 : atoi(text);
  return tries > 0 ? tries : 3;
}

static CK_RV get_slot_list(CK_BBOOL present, CK_SLOT_ID_PTR slots, CK_ULONG_PTR count) {
  if (present && is_set("pulled")) {
    *count = 0;
    return CKR_OK;
  }
  return real->C_GetSlotList(present, slots, count);
}

static CK_RV get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO_PTR info) {
  if (is_set("pulled")) return CKR_TOKEN_NOT_PRESENT;
  CK_RV rv = real->C_GetTokenInfo(slot, info);
  if (rv != CKR_OK) return rv;
  int left = max_tries() - read_count("wrong-tries");
  info->flags &= ~(CK_FLAGS)(CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED);
  if (left < max_tries()) info->flags |= CKF_USER_PIN_COUNT_LOW;
  if (left == 1) info->flags |= CKF_USER_PIN_FINAL_TRY;
  if (left <= 0) info->flags |= CKF_USER_PIN_LOCKED;
  return CKR_OK;
}

static CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, CK_VOID_PTR app, CK_NOTIFY notify,
                          CK_SESSION_HANDLE_PTR session) {
  if (is_set("pulled")) return CKR_TOKEN_NOT_PRESENT;
  return real->C_OpenSession(slot, flags, app, notify, session);
}

static CK_RV find_objects_init(CK_SESSION_HANDLE session, CK_ATTRIBUTE_PTR attributes, CK_ULONG count) {
  if (is_set("pulled")) return CKR_DEVICE_REMOVED;
  return real->C_FindObjectsInit(session, attributes, count);
}

static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin, CK_ULONG length) {
  if (is_set("pulled")) return CKR_DEVICE_REMOVED;
  if (user != CKU_USER) return real->C_Login(session, user, pin, length);
  int wrong = read_count("wrong-tries");
  if (wrong >= max_tries()) return CKR_PIN_LOCKED;
  CK_RV rv = real->C_Login(session, user, pin, length);
  if (rv == CKR_PIN_INCORRECT && !write_count("wrong-tries", wrong + 1)) return CKR_GENERAL_ERROR;
  if (rv == CKR_OK && !(write_count("wrong-tries", 0) && write_count("logins", read_count("logins") + 1)))
    return CKR_GENERAL_ERROR;
  return rv;
}

static CK_RV sign(CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG length, CK_BYTE_PTR signature,
                  CK_ULONG_PTR signature_length) {
  while (is_set("hang")) usleep(50000);
  if (is_set("pulled")) return CKR_DEVICE_REMOVED;
  if (is_set("broken")) return CKR_DEVICE_ERROR;
  const char *sign_ms = getenv("TOKEN_SHIM_SIGN_MS");
  if (sign_ms != NULL) usleep((useconds_t)atoi(sign_ms) * 1000);
  return real->C_Sign(session, data, length, signature, signature_length);
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR list) {
  if (real == NULL) {
    const char *path = getenv("TOKEN_SHIM_REAL");
    void *module = path == NULL ? NULL : dlopen(path, RTLD_NOW);
    if (module == NULL) return CKR_GENERAL_ERROR;
    CK_C_GetFunctionList get = (CK_C_GetFunctionList)dlsym(module, "C_GetFunctionList");
    if (get == NULL || get(&real) != CKR_OK) return CKR_GENERAL_ERROR;
    shim = *real;
    shim.C_GetFunctionList = C_GetFunctionList;
    shim.C_GetSlotList = get_slot_list;
    shim.C_GetTokenInfo = get_token_info;
    shim.C_OpenSession = open_session;
    shim.C_FindObjectsInit = find_objects_init;
    shim.C_Login = login;
    shim.C_Sign = sign;
  }
  *list = &shim;
  return CKR_OK;
}
