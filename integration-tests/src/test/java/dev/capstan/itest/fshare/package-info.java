/** The packaged host against the service with the folders, as far as that can be had here. */
package dev.capstan.itest.fshare;
