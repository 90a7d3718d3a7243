/** What players get while a file still arrives: over HTTP, and with the real programs. */
package dev.capstan.itest.play;
