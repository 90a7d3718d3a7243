/** Files and folders of fshare.vn, with the operator's own VIP account. */
@org.jspecify.annotations.NullMarked
package dev.capstan.host.fshare;
