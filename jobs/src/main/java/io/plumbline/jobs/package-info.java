/** The jobs: each is one command, and one main class for spark-submit. */
package io.plumbline.jobs;
