/*
 * A PKCS#11 module with one key of GOST R 34.10-2012 and its certificate: what tokens in Russian branches can
 * do and SoftHSM cannot. It signs digests only, as those tokens are asked to. Set by the environment:
 *   GOST_TOKEN_FOLDER  folder with key.pem, certificate.der, pin and label
 *   GOST_TOKEN_SIGNER  path of the program gost-signer, which holds the key
 * The PIN lock is the shim's in front.
 */
#include "pkcs11.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Numbers of the technical committee 26 that PKCS#11 2.40 does not have. */
#define KEY_GOST_512 0xD4321003UL
#define SIGN_GOST_256 0x1201UL
#define SIGN_GOST_512 0xD4321006UL

#define SLOT 1
#define SESSION 1
#define PRIVATE_KEY 10
#define CERTIFICATE 20
static const CK_BYTE object_id[] = {1};

static CK_FUNCTION_LIST functions;
static pid_t signer;
static FILE *to_signer, *from_signer;
/* 32 or 64: half of a signature. */
static size_t digest_length;
static unsigned char certificate[16384];
static size_t certificate_length;
static char pin[64], label[33];
static int logged_in, signing, found;
static CK_OBJECT_HANDLE wanted;

static size_t read_file(const char *name, void *out, size_t size) {
  char path[4096];
  const char *folder = getenv("GOST_TOKEN_FOLDER");
  if (folder == NULL || snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path) return 0;
  FILE *file = fopen(path, "r");
  if (file == NULL) return 0;
  size_t length = fread(out, 1, size, file);
  fclose(file);
  return length;
}

static CK_RV unsupported(void) { return CKR_FUNCTION_NOT_SUPPORTED; }

static CK_RV start_signer(void) {
  int in[2], out[2];
  if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) return CKR_GENERAL_ERROR;
  char *arguments[] = {getenv("GOST_TOKEN_SIGNER"), getenv("GOST_TOKEN_FOLDER"), NULL};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], 0);
  posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  int failed = arguments[0] == NULL || posix_spawn(&signer, arguments[0], &actions, NULL, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  close(in[0]);
  close(out[1]);
  to_signer = fdopen(in[1], "w");
  from_signer = fdopen(out[0], "r");
  int length = failed ? EOF : fgetc(from_signer);
  digest_length = length == EOF ? 0 : (size_t)length;
  return length == EOF ? CKR_GENERAL_ERROR : CKR_OK;
}

static CK_RV initialize(CK_VOID_PTR arguments) {
  (void)arguments;
  certificate_length = read_file("certificate.der", certificate, sizeof certificate);
  pin[read_file("pin", pin, sizeof pin - 1)] = 0;
  label[read_file("label", label, sizeof label - 1)] = 0;
  return start_signer();
}

static CK_RV finalize(CK_VOID_PTR reserved) {
  (void)reserved;
  fclose(to_signer);
  fclose(from_signer);
  waitpid(signer, NULL, 0);
  logged_in = 0;
  return CKR_OK;
}

static CK_RV get_slot_list(CK_BBOOL present, CK_SLOT_ID_PTR slots, CK_ULONG_PTR count) {
  (void)present;
  if (slots != NULL) slots[0] = SLOT;
  *count = 1;
  return CKR_OK;
}

static void pad(CK_UTF8CHAR *out, size_t size, const char *text) {
  size_t length = strlen(text);
  memset(out, ' ', size);
  memcpy(out, text, length < size ? length : size);
}

static CK_RV get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO_PTR info) {
  (void)slot;
  memset(info, 0, sizeof *info);
  pad(info->label, sizeof info->label, label);
  pad(info->manufacturerID, sizeof info->manufacturerID, "Okno");
  pad(info->model, sizeof info->model, "GOST simulator");
  pad(info->serialNumber, sizeof info->serialNumber, "0000000000000612");
  info->flags = CKF_LOGIN_REQUIRED | CKF_TOKEN_INITIALIZED | CKF_USER_PIN_INITIALIZED;
  return CKR_OK;
}

static CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, CK_VOID_PTR app, CK_NOTIFY notify,
                          CK_SESSION_HANDLE_PTR session) {
  (void)slot, (void)flags, (void)app, (void)notify;
  *session = SESSION;
  return CKR_OK;
}

static CK_RV close_session(CK_SESSION_HANDLE session) {
  (void)session;
  logged_in = 0;
  return CKR_OK;
}

static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR_PTR given, CK_ULONG length) {
  (void)session, (void)user;
  if (length != strlen(pin) || memcmp(given, pin, length) != 0) return CKR_PIN_INCORRECT;
  logged_in = 1;
  return CKR_OK;
}

static CK_RV logout(CK_SESSION_HANDLE session) { return close_session(session); }

static CK_RV find_objects_init(CK_SESSION_HANDLE session, CK_ATTRIBUTE_PTR attributes, CK_ULONG count) {
  (void)session;
  wanted = 0;
  found = 0;
  for (CK_ULONG i = 0; i < count; i++) {
    if (attributes[i].type != CKA_CLASS) continue;
    CK_OBJECT_CLASS class = *(CK_OBJECT_CLASS *)attributes[i].pValue;
    if (class == CKO_CERTIFICATE) wanted = CERTIFICATE;
    if (class == CKO_PRIVATE_KEY && logged_in) wanted = PRIVATE_KEY;
  }
  return CKR_OK;
}

static CK_RV find_objects(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE_PTR objects, CK_ULONG most,
                          CK_ULONG_PTR count) {
  (void)session;
  *count = wanted != 0 && !found && most > 0;
  if (*count) objects[0] = wanted;
  found = 1;
  return CKR_OK;
}

static CK_RV find_objects_final(CK_SESSION_HANDLE session) {
  (void)session;
  return CKR_OK;
}

static CK_RV give(CK_ATTRIBUTE_PTR attribute, const void *value, size_t length) {
  if (attribute->pValue != NULL) memcpy(attribute->pValue, value, length);
  attribute->ulValueLen = length;
  return CKR_OK;
}

static CK_RV get_attribute_value(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
                                 CK_ATTRIBUTE_PTR attributes, CK_ULONG count) {
  (void)session;
  CK_ULONG key_type = digest_length == 32 ? CKK_GOSTR3410 : KEY_GOST_512;
  for (CK_ULONG i = 0; i < count; i++) {
    CK_ATTRIBUTE_PTR attribute = &attributes[i];
    if (attribute->type == CKA_ID) give(attribute, object_id, sizeof object_id);
    else if (attribute->type == CKA_VALUE && object == CERTIFICATE) give(attribute, certificate, certificate_length);
    else if (attribute->type == CKA_KEY_TYPE) give(attribute, &key_type, sizeof key_type);
    else return CKR_ATTRIBUTE_TYPE_INVALID;
  }
  return CKR_OK;
}

static CK_RV sign_init(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE object) {
  (void)session;
  if (!logged_in) return CKR_USER_NOT_LOGGED_IN;
  if (object != PRIVATE_KEY) return CKR_KEY_HANDLE_INVALID;
  if (mechanism->mechanism != SIGN_GOST_256 && mechanism->mechanism != SIGN_GOST_512)
    return CKR_MECHANISM_INVALID;
  size_t length = mechanism->mechanism == SIGN_GOST_256 ? 32 : 64;
  if (length != digest_length) return CKR_KEY_TYPE_INCONSISTENT;
  signing = 1;
  return CKR_OK;
}

static CK_RV sign(CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG length, CK_BYTE_PTR signature,
                  CK_ULONG_PTR signature_length) {
  (void)session;
  size_t size = 2 * digest_length;
  if (!signing) return CKR_OPERATION_NOT_INITIALIZED;
  if (length != digest_length) return CKR_DATA_LEN_RANGE;
  if (signature == NULL) {
    *signature_length = size;
    return CKR_OK;
  }
  if (*signature_length < size) return CKR_BUFFER_TOO_SMALL;
  signing = 0;
  int done = fwrite(data, 1, length, to_signer) == length && fflush(to_signer) == 0 &&
             fread(signature, 1, size, from_signer) == size;
  *signature_length = size;
  return done ? CKR_OK : CKR_FUNCTION_FAILED;
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR list) {
  CK_RV (**each)(void) = (CK_RV(**)(void))&functions.C_Initialize;
  while ((void *)each < (void *)(&functions + 1)) *each++ = unsupported;
  functions.version.major = 2;
  functions.version.minor = 40;
  functions.C_Initialize = initialize;
  functions.C_Finalize = finalize;
  functions.C_GetFunctionList = C_GetFunctionList;
  functions.C_GetSlotList = get_slot_list;
  functions.C_GetTokenInfo = get_token_info;
  functions.C_OpenSession = open_session;
  functions.C_CloseSession = close_session;
  functions.C_Login = login;
  functions.C_Logout = logout;
  functions.C_FindObjectsInit = find_objects_init;
  functions.C_FindObjects = find_objects;
  functions.C_FindObjectsFinal = find_objects_final;
  functions.C_GetAttributeValue = get_attribute_value;
  functions.C_SignInit = sign_init;
  functions.C_Sign = sign;
  *list = &functions;
  return CKR_OK;
}
