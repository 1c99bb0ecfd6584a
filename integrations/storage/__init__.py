"""The store of files: any that speaks S3."""
