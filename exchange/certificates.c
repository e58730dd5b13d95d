/* certificates.c -- makes keys and certificates with OpenSSL.
 * SPDX-License-Identifier: Apache-2.0 */
#include "exchange/certificates.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PATH_SIZE = 4096, SERIAL_SIZE = 16 };

static wlk_status complain(const char *path, const char *rule, struct wlk_fault *fault)
{
    wlk_fault_set(fault, rule, "%s", errno ? strerror(errno) : "");
    if (fault)
        snprintf(fault->where, sizeof fault->where, "%.95s", path);
    return WLK_IO;
}

static FILE *open_new(const char *path, mode_t mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    return fd < 0 ? NULL : fdopen(fd, "w");
}

static bool extend(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    bool added = extension && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return added;
}

static bool fill(X509 *certificate, const struct wlk_certificate_order *order, EVP_PKEY *key)
{
    uint8_t serial[SERIAL_SIZE];
    if (RAND_bytes(serial, sizeof serial) != 1)
        return false;
    serial[0] = (uint8_t)((serial[0] & 0x7f) | 0x40); /* positive [RFC 5280 4.1.2.2] */
    BIGNUM *number = BN_bin2bn(serial, sizeof serial, NULL);
    bool filled = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
    BN_free(number);
    X509_NAME *name = X509_get_subject_name(certificate);
    return filled && X509_set_version(certificate, X509_VERSION_3) == 1 &&
           ASN1_TIME_set(X509_getm_notBefore(certificate), order->not_before.ns / 1000000000) &&
           ASN1_TIME_set(X509_getm_notAfter(certificate), order->not_after.ns / 1000000000) &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                      (const unsigned char *)order->common_name, -1, -1, 0) &&
           X509_set_pubkey(certificate, key) == 1;
}

struct authority {
    X509 *certificate;
    EVP_PKEY *key;
};

static bool sign(X509 *certificate, const struct wlk_certificate_order *order,
                 const struct authority *authority)
{
    X509 *issuer = authority->certificate ? authority->certificate : certificate;
    bool is_authority = !authority->certificate;
    const char *use = order->is_server ? "serverAuth" : "clientAuth";
    if (X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) != 1)
        return false;
    if (!extend(certificate, issuer, NID_subject_key_identifier, "hash"))
        return false;
    if (is_authority)
        return extend(certificate, issuer, NID_basic_constraints,
                      "critical,CA:TRUE,pathlen:0") &&
               extend(certificate, issuer, NID_key_usage, "critical,keyCertSign") &&
               X509_sign(certificate, authority->key, NULL) > 0;
    return extend(certificate, issuer, NID_authority_key_identifier, "keyid") &&
           extend(certificate, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
           extend(certificate, issuer, NID_key_usage, "critical,digitalSignature") &&
           extend(certificate, issuer, NID_ext_key_usage, use) &&
           X509_sign(certificate, authority->key, NULL) > 0;
}

static wlk_status read_authority(const char *directory, struct authority *out,
                                 struct wlk_fault *fault)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/ca.crt", directory);
    errno = 0;
    FILE *file = fopen(path, "r");
    out->certificate = file ? PEM_read_X509(file, NULL, NULL, NULL) : NULL;
    if (file)
        fclose(file);
    if (!out->certificate)
        return complain(path, "CA certificate cannot be read", fault);
    snprintf(path, sizeof path, "%s/ca.key", directory);
    file = fopen(path, "r");
    out->key = file ? PEM_read_PrivateKey(file, NULL, NULL, NULL) : NULL;
    if (file)
        fclose(file);
    return out->key ? WLK_OK : complain(path, "CA key cannot be read", fault);
}

static wlk_status write_files(const struct wlk_certificate_order *order, X509 *certificate,
                              EVP_PKEY *key, struct wlk_fault *fault)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/%s.key", order->directory, order->name);
    errno = 0;
    FILE *file = open_new(path, 0600);
    bool written = file && PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL) == 1;
    if (file)
        written = fclose(file) == 0 && written;
    if (!written)
        return complain(path, "key cannot be written", fault);
    snprintf(path, sizeof path, "%s/%s.crt", order->directory, order->name);
    file = open_new(path, 0644);
    written = file && PEM_write_X509(file, certificate) == 1;
    if (file)
        written = fclose(file) == 0 && written;
    return written ? WLK_OK : complain(path, "certificate cannot be written", fault);
}

static bool pin_of(X509 *certificate, wlk_digest *out)
{
    uint8_t *key = NULL;
    int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &key);
    bool made = size > 0 &&
                EVP_Digest(key, (size_t)size, out->bytes, NULL, EVP_sha256(), NULL) == 1;
    OPENSSL_free(key);
    return made;
}

wlk_status wlk_certificate_make(const struct wlk_certificate_order *order,
                                wlk_digest *pin_out, struct wlk_fault *fault)
{
    struct authority authority = {NULL, NULL};
    bool is_authority = !strcmp(order->name, "ca");
    wlk_digest pin;
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    X509 *certificate = X509_new();
    wlk_status status = WLK_OK;
    errno = 0;
    if (!is_authority)
        status = read_authority(order->directory, &authority, fault);
    else
        authority.key = key;
    bool is_made = status == WLK_OK && key && certificate && fill(certificate, order, key) &&
                   sign(certificate, order, &authority) && pin_of(certificate, &pin);
    if (status == WLK_OK && !is_made)
        status = complain(order->name, "certificate cannot be made", fault);
    if (status == WLK_OK)
        status = write_files(order, certificate, key, fault);
    if (status == WLK_OK && pin_out)
        *pin_out = pin;
    if (!is_authority) {
        EVP_PKEY_free(authority.key);
        X509_free(authority.certificate);
    }
    EVP_PKEY_free(key);
    X509_free(certificate);
    return status;
}

static wlk_status read_one(const char *path, X509 **out, struct wlk_fault *fault)
{
    errno = 0;
    FILE *file = fopen(path, "r");
    *out = file ? PEM_read_X509(file, NULL, NULL, NULL) : NULL;
    if (!*out)
        complain(path, file ? "not a certificate" : "certificate cannot be read", fault);
    wlk_status status = *out ? WLK_OK : file ? WLK_BAD_INPUT : WLK_IO;
    if (file)
        fclose(file);
    return status;
}

wlk_status wlk_certificate_pin(const char *path, wlk_digest *out, struct wlk_fault *fault)
{
    X509 *certificate;
    wlk_status status = read_one(path, &certificate, fault);
    if (status != WLK_OK)
        return status;
    bool made = pin_of(certificate, out);
    X509_free(certificate);
    if (!made)
        complain(path, "not a certificate", fault);
    return made ? WLK_OK : WLK_BAD_INPUT;
}

wlk_status wlk_certificate_until(const char *path, wlk_utc *out, struct wlk_fault *fault)
{
    X509 *certificate;
    struct tm date;
    wlk_status status = read_one(path, &certificate, fault);
    if (status != WLK_OK)
        return status;
    bool is_date = ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &date) == 1;
    X509_free(certificate);
    if (!is_date) {
        complain(path, "certificate without a date", fault);
        return WLK_BAD_INPUT;
    }
    out->ns = (int64_t)timegm(&date) * 1000000000;
    return WLK_OK;
}
