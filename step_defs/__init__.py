"""The glue between the feature files and the servers they describe."""
